/** The package has no types of its own: what the tests call. */
declare module 'jsonld' {
  interface LoadedDocument {
    readonly contextUrl: undefined;
    readonly documentUrl: string;
    readonly document: unknown;
  }
  interface ExpandOptions {
    readonly documentLoader: (url: string) => Promise<LoadedDocument>;
    readonly base: string;
    /** Refuses what it would otherwise drop. */
    readonly safe: boolean;
  }
  const jsonld: { expand(document: unknown, options: ExpandOptions): Promise<object[]> };
  export default jsonld;
}
