/** Bytes as people know them: `0.4 MB`, `12 MB`, `3.2 GB`. */
export function megabytes(bytes: number): string {
  const mega = bytes / 1_000_000
  if (mega >= 1_000) return `${(mega / 1_000).toFixed(1)} GB`
  return `${mega < 10 ? mega.toFixed(1) : Math.round(mega)} MB`
}
