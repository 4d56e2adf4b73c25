/** Hands a text to the person as a file of this name. */
function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Not before the browser has taken it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** The rescue copy of what was not sent. */
export function saveQueue(text: string): void {
  saveFile(`modula-queue-${new Date().toISOString().slice(0, 10)}.json`, 'application/json', text)
}
