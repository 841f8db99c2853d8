/** The emergency stop of an organisation as everybody in it sees it. */
export interface FreezeView {
  /** null: it is off. */
  frozen: { at: string; by: string; reason: string } | null
  mayFreeze: boolean
  mayLift: boolean
}
