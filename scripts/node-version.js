/** Plain JavaScript: an older Node cannot read TypeScript, and has to be told so in words. */

/** What production needs; `npm ci` brings one for development, `npm ci --omit=dev` does not. */
const least = 24

/** Ends the process with one line where this Node is too old. */
export function requireNode() {
  if (Number.parseInt(process.versions.node, 10) >= least) return
  console.error(
    `modula-sync needs Node ${least} or newer, and this is Node ${process.versions.node}: install it, or let \`npm ci\` without --omit=dev bring one`,
  )
  process.exit(1)
}
