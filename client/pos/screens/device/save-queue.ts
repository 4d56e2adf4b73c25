import { saveFile } from '../../../ui/save-file.ts'

/** The rescue copy of what was not sent. */
export function saveQueue(text: string): void {
  saveFile(`modula-queue-${new Date().toISOString().slice(0, 10)}.json`, text, 'application/json')
}
