import type { ClientConfig } from 'pg'

/** For a connection beside the gateway's that is to see the rows of all tenants: row-level security holds for it, too. */
export const ofEveryTenant = (url: string): ClientConfig => ({
  connectionString: url,
  options: '-c modula.every_tenant=on',
})
