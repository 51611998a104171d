/** Whether a shop or an ERP did not play along, and not Linchpin itself. */
export function isRemote(error: unknown): boolean {
  return (error as { code?: string }).code?.startsWith('remote-') === true
}
