/**
 * Prisma's typed reads on the pool.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { PrismaPg } from '@prisma/adapter-pg'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import { PrismaClient } from '../generated/prisma/client.ts'
import { everyTenant, type Reach } from './row-security.ts'

/** How many tenants' clients are kept: each is a few objects over the one client. */
const maxPrismas = 500

/** Prisma's client on the pool, and by whose rows: those ask by `within`, what they may reach goes with them. */
export function prismaOn(
  pool: pg.Pool,
  within: (reach: Reach, query: pg.QueryConfig) => Promise<pg.QueryResult>,
): { own: PrismaClient; of: (reach: Reach) => PrismaClient } {
  const reaches = new AsyncLocalStorage<Reach>()
  const query = (config: pg.QueryConfig) => {
    const reach = reaches.getStore()
    return reach === undefined ? pool.query(config) : within(reach, config)
  }
  const own = new PrismaClient({ adapter: new PrismaPg(Object.create(pool, { query: { value: query } })) })
  const make = (reach: Reach) =>
    own.$extends({
      query: {
        $allOperations({ operation, args, query }) {
          if (operation.startsWith('findUnique'))
            throw new Error('findFirst: Prisma would make one statement of those of several tenants')
          // Waited for inside: what Prisma returns asks nothing before somebody waits for it.
          return reaches.run(reach, async () => await query(args))
        },
      },
    }) as unknown as PrismaClient
  const ofTenants = new LRUCache<string, PrismaClient>({ max: maxPrismas })
  const ofAll = make(everyTenant)
  return {
    own,
    of(reach) {
      if (reach === everyTenant) return ofAll
      const known = ofTenants.get(reach.tenantId) ?? make(reach)
      ofTenants.set(reach.tenantId, known)
      return known
    },
  }
}
