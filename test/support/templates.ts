/** What databases of tests are copied from (`global-setup.ts` makes them). */
export const templates = {
  nothing: 'template0',
  tables: 'modula_tables',
  /** The tables, and the demo café in them, which takes longer to make than to copy. */
  demo: 'modula_demo',
} as const
