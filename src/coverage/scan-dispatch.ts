/** The part that runs scans, here or in another replica. It reads from the store what there is to do. */
export interface ScanDispatch {
  /** Tells it of a new scan, which runs when its turn has come. */
  noteCreated(): void
  /** Tells it of a cancelled scan. If the scan runs here, it stops now. Elsewhere it stops at its next page. */
  noteCancelled(scanId: string): void
}
