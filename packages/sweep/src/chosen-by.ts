/** The option that decides where the folder of a sweep is, for errors that say what to do. */
export const CHOSEN_BY = '--sweeps-root';
