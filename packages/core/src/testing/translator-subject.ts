/** Files as a translator gets them: content by path. */
export type InputFiles = Readonly<Record<string, string | Uint8Array>>;

export interface TranslatorContractOptions {
  /** Inputs that the translator takes, each with everything that belongs to it. */
  readonly samples: readonly InputFiles[];
  /** Inputs of its format with something wrong in them, each in another way. */
  readonly faulty?: readonly InputFiles[];
}
