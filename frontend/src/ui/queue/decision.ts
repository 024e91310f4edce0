/** One thing an officer or provider may decide. */
export interface Choice {
  act: string
  /** the words on its button: "同意", "退回补正" */
  label: string
  /** go on, send back, or end */
  tone: 'go' | 'back' | 'stop'
  /** what must be written; without it the button decides at once */
  note?: { path: string; label: string; hint?: string; required: boolean }
  /** asks for one of the coded reasons */
  coded?: boolean
  /** the reason chosen beforehand */
  code?: string
  /** the words on the last button; the label where left out */
  confirm?: string
}

export interface Decision {
  act: string
  note: string
  code: string
}
