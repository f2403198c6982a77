/** The value of an option before the command line has been parsed (`--name value` or `--name=value`), for the time when it can't be. */
export function argumentOf(argv: readonly string[], name: string): string | undefined {
  const index = argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (index === -1) return undefined;
  return argv[index] === name ? argv[index + 1] : argv[index]?.slice(name.length + 1);
}
