/**
 * A page as one shell script: commands of its `sh` blocks, and files that it shows whole (blocks with a path behind the
 * language: ```ts src/exporter.ts), written where the commands before have led.
 */
export function sessionOf(markdown: string): string {
  return [...markdown.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)]
    .flatMap(([, language, path, text]) => {
      if (language === 'sh') return [text!];
      return path === undefined ? [] : [`cat > ${path} <<'END_OF_FILE'\n${text}END_OF_FILE\n`];
    })
    .join('');
}
