/** Of the scans that have ended, so many of the newest are kept. */
export const KEPT_SCANS = 5
