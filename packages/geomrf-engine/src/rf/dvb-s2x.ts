/** One way to modulate and code: the least Es/N0 it can be received with, and what it then carries. */
export interface ModcodStep {
  readonly name: string;
  /** dB, in a noise bandwidth of one symbol rate. */
  readonly minSnrDb: number;
  /** Bit/s for each symbol/s. */
  readonly spectralEfficiency: number;
}

/**
 * DVB-S2X, normal FECFRAME, no pilots: ideal Es/N0 in dB for quasi-error-free reception (FER 1e-5, AWGN) and spectral
 * efficiency, from ETSI EN 302 307-1 V1.4.1 table 13 (DVB-S2) and ETSI EN 302 307-2 V1.1.1 table 20a (its extensions).
 * Left out are those that another one beats with more bits at no more Es/N0: an adaptive link never uses them.
 *
 * Every row was compared with three public transcriptions of these tables (the standards themselves were not at hand), and
 * every efficiency follows from the frame, as the test works it out. The transcriptions differ in two efficiencies: some have
 * 3.291954 for 32APSK 2/3-L and 4.936639 for 64APSK 5/6 (0.07 % more), which is the BCH code of DVB-S2 for these rates; here
 * stands what was read from V1.1.1.
 */
export const DVB_S2X: readonly ModcodStep[] = (
  [
    ['QPSK 2/9', -2.85, 0.434841],
    ['QPSK 1/4', -2.35, 0.490243],
    ['QPSK 13/45', -2.03, 0.567805],
    ['QPSK 1/3', -1.24, 0.656448],
    ['QPSK 2/5', -0.3, 0.789412],
    ['QPSK 9/20', 0.22, 0.889135],
    ['QPSK 1/2', 1.0, 0.988858],
    ['QPSK 11/20', 1.45, 1.088581],
    ['QPSK 3/5', 2.23, 1.188304],
    ['QPSK 2/3', 3.1, 1.322253],
    ['QPSK 3/4', 4.03, 1.487473],
    ['QPSK 4/5', 4.68, 1.587196],
    ['8APSK 5/9-L', 4.73, 1.647211],
    ['8APSK 26/45-L', 5.13, 1.713601],
    ['8PSK 3/5', 5.5, 1.779991],
    ['16APSK 1/2-L', 5.97, 1.972253],
    ['16APSK 8/15-L', 6.55, 2.10485],
    ['16APSK 5/9-L', 6.84, 2.193247],
    ['16APSK 3/5-L', 7.41, 2.370043],
    ['16APSK 28/45', 8.1, 2.458441],
    ['16APSK 23/36', 8.38, 2.524739],
    ['16APSK 2/3-L', 8.43, 2.635236],
    ['16APSK 2/3', 8.97, 2.637201],
    ['16APSK 25/36', 9.27, 2.745734],
    ['16APSK 13/18', 9.71, 2.856231],
    ['16APSK 3/4', 10.21, 2.966728],
    ['16APSK 7/9', 10.65, 3.077225],
    ['16APSK 4/5', 11.03, 3.165623],
    ['32APSK 2/3-L', 11.1, 3.289502],
    ['16APSK 5/6', 11.61, 3.300184],
    ['32APSK 32/45', 11.75, 3.510192],
    ['32APSK 11/15', 12.17, 3.620536],
    ['32APSK 3/4', 12.73, 3.703295],
    ['32APSK 7/9', 13.05, 3.841226],
    ['32APSK 4/5', 13.64, 3.951571],
    ['64APSK 32/45-L', 13.98, 4.206428],
    ['64APSK 11/15', 14.81, 4.338659],
    ['64APSK 7/9', 15.47, 4.603122],
    ['64APSK 4/5', 15.87, 4.735354],
    ['64APSK 5/6', 16.55, 4.933701],
    ['256APSK 29/45-L', 16.98, 5.06569],
    ['256APSK 2/3-L', 17.24, 5.241514],
    ['256APSK 31/45-L', 18.1, 5.417338],
    ['256APSK 32/45', 18.59, 5.593162],
    ['256APSK 11/15-L', 18.84, 5.768987],
    ['256APSK 3/4', 19.57, 5.900855],
  ] as const
).map(([name, minSnrDb, spectralEfficiency]) => ({ name, minSnrDb, spectralEfficiency }));
