/** A bare server: pages of a table as JSON, by `node:http` and `pg`, as one would write it for nothing else. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import pg from 'pg'
import { ofEveryTenant } from '../../test/support/every-tenant.ts'
import { answerRequests } from '../support/children.ts'

type Page = { tenantId: string; branchId: string; cursor: string | null; limit: number }

pg.types.setTypeParser(pg.types.builtins.INT8, Number)

answerRequests(async ({ databaseUrl }: { databaseUrl: string }) => {
  const pool = new pg.Pool(ofEveryTenant(databaseUrl))
  const server = createServer(async (request, response) => {
    const { tenantId, branchId, cursor, limit } = (await json(request)) as Page
    const { rows } = await pool.query({
      name: 'page',
      text: `select seq, op_kind as "opKind", module, entity_kind as "entityKind", entity_id as "entityId", payload,
          occurred_at as "occurredAt", actor_id as "actorId", client_op_id as "clientOpId"
        from bare_change where tenant_id = $1 and branch_id = $2 and seq > $3 order by seq limit $4`,
      values: [tenantId, branchId, Number(cursor ?? 0), limit],
    })
    const last = rows.at(-1)
    const page = { changes: rows, nextCursor: String(last?.seq ?? cursor), hasMore: rows.length === limit }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(page))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
})
