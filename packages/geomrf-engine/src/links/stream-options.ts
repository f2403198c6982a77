/** By how much a link's state must differ from what was sent last, to be sent again; `up` counts always. */
export interface Thresholds {
  readonly delayS: number;
  readonly capacityBps: number;
  /** 0 to 1 */
  readonly lossRate: number;
}

/** What a stream of links wants to be told. */
export interface StreamOptions {
  readonly dtMs: number;
  readonly thresholds: Thresholds;
  /** MODCODs as well; another one is sent whatever the thresholds. */
  readonly modcods: boolean;
  /** Range, angles, SNR and margin as well. */
  readonly details: boolean;
  /** What makes events, besides links that come and go: see LinkOutput.events. What is sent of links does not depend on it. */
  readonly events: boolean;
}
