/**
 * `npm run verify -- FILE`: recomputes an export (docs/proof.md) and names what does not fit. One file, with nothing of the
 * gateway in it, no database and no network, so that it can be read in one sitting and written anew in another language.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

// biome-ignore lint/suspicious/noExplicitAny: lines are JSON from a file
type Line = Record<string, any>
export type Fault = { name: string; where: string; what: string }
type Say = (name: string, where: string, what: string) => void

/** RFC 8785. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  const inOrder = members.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${inOrder.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`
}
const sha256 = (value: unknown): string => createHash('sha256').update(canonical(value), 'utf8').digest('hex')

const kinds = ['statement', 'supplement', 'sale', 'movement', 'refusal', 'operation', 'chain', 'end'] as const
type Books = Record<(typeof kinds)[number] | 'header', Line[]>

/** What does not fit in these lines; nothing: all of it does. */
export function verify(lines: readonly string[]): Fault[] {
  const faults: Fault[] = []
  const say: Say = (name, where, what) => faults.push({ name, where, what })
  const books = read(lines, say)
  try {
    check(books, say)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    say(
      'LINE_UNREADABLE',
      'the file',
      `a line has not what its kind has, and not all was looked at (${error.message})`,
    )
  }
  return faults
}

function check(books: Books, say: Say): void {
  const supplements = checkSupplements(books, say)
  checkStatements(books, say)
  checkEnd(books, say)
  const bySession = {
    sale: grouped(books.sale, 'cashSessionId'),
    movement: grouped(books.movement, 'cashSessionId'),
  }
  for (const statement of books.statement) {
    const { cashSessionId } = statement
    const [sale = [], movement = []] = [
      bySession.sale.get(cashSessionId),
      bySession.movement.get(cashSessionId),
    ]
    checkSession(statement, { ...books, sale, movement }, supplements, say)
  }
  checkReceipts(books, say)
  checkOperations(books, say)
  checkEffects(books, supplements, say)
  for (const chain of books.chain) checkChain(chain, books, say)
}

function read(lines: readonly string[], say: Say): Books {
  const books = Object.fromEntries([...kinds, 'header'].map((kind) => [kind, []])) as unknown as Books
  lines.forEach((text, i) => {
    if (text.trim() === '') return
    try {
      const line = JSON.parse(text) as Line
      if (Object.hasOwn(books, line?.kind)) books[line.kind as 'sale'].push(line)
      else say('LINE_UNREADABLE', `line ${i + 1}`, `it is of no known kind (${line?.kind})`)
    } catch {
      say('LINE_UNREADABLE', `line ${i + 1}`, 'it is no JSON')
    }
  })
  if (books.header.length !== 1) say('LINE_UNREADABLE', 'header', `there are ${books.header.length}`)
  return books
}

function grouped(lines: readonly Line[], by: string): Map<string, Line[]> {
  const groups = new Map<string, Line[]>()
  for (const line of lines) {
    const group = groups.get(line[by])
    if (group) group.push(line)
    else groups.set(line[by], [line])
  }
  return groups
}

const without = ({ hash: _, ...content }: Line): Line => content

// -- statements and supplements: their hashes, numbers and chains ------------------------------------------------------

function checkSeries(series: Line[], what: 'STATEMENT' | 'SUPPLEMENT', before: Line | null, say: Say): void {
  const inOrder = [...series].sort((a, b) => a.number - b.number)
  let last = before
  for (const entry of inOrder) {
    const where = `${what.toLowerCase()} ${entry.number}`
    if (sha256(without(entry)) !== entry.hash)
      say(`${what}_ALTERED`, where, 'its hash is not that of its content')
    const first = sha256({ branchId: entry.branchId, kind: what.toLowerCase(), tenantId: entry.tenantId })
    if (entry.number === 1 && entry.prev !== first)
      say(`${what}_UNCHAINED`, where, 'it does not hold what a first one holds')
    if (last && entry.number !== last.number + 1)
      say(`${what}_MISSING`, where, `after number ${last.number} comes number ${entry.number}`)
    else if (last && entry.prev !== last.hash)
      say(`${what}_UNCHAINED`, where, `it does not hold the hash of number ${last.number}`)
    last = entry
  }
}

/** The supplements by the number of their statement's session; what they booked by its id. */
type Supplements = { of: Map<string, Line[]>; entries: Map<string, Line> }

function checkSupplements({ supplement, statement }: Books, say: Say): Supplements {
  const firstStatement = [...statement].sort((a, b) => a.number - b.number)[0]
  // The file has those since the statement before; of older gateways, since its first one.
  const earliest = Math.min(...supplement.map(({ number }) => number))
  const isBefore = firstStatement && earliest <= firstStatement.supplements.number
  const before: Line | null = isBefore ? null : (firstStatement?.supplements ?? null)
  checkSeries(supplement, 'SUPPLEMENT', before, say)
  const found: Supplements = { of: new Map(), entries: new Map() }
  const byNumber = new Map(supplement.map((entry) => [entry.number, entry]))
  const bySession = new Map(statement.map((entry) => [entry.cashSessionId, entry]))
  for (const each of supplement) {
    const where = `supplement ${each.number}`
    const own = bySession.get(each.cashSessionId)
    if (own && (each.statement?.hash !== own.hash || each.statement?.number !== own.number))
      say('SUPPLEMENT_UNCHAINED', where, 'it does not hold the hash of its statement')
    for (const name of ['usd', 'khr', 'totalUsd'])
      if (sum(each.entries, name) !== each[name])
        say('SUPPLEMENT_ALTERED', where, `its ${name} is not what it lists`)
    found.of.set(each.cashSessionId, [...(found.of.get(each.cashSessionId) ?? []), each])
    for (const entry of each.entries)
      found.entries.set(entry.id, { ...entry, cashSessionId: each.cashSessionId })
  }
  for (const { number, supplements } of statement) {
    const held = byNumber.get(supplements.number)
    if (held && held.hash !== supplements.hash)
      say(
        'SUPPLEMENT_UNCHAINED',
        `statement ${number}`,
        `it holds another hash of supplement ${supplements.number}`,
      )
    if (!held && supplements.number > (before?.number ?? earliest - 1))
      say('SUPPLEMENT_MISSING', `statement ${number}`, `it knows of supplement ${supplements.number}`)
  }
  return found
}

function checkStatements({ statement }: Books, say: Say): void {
  checkSeries(statement, 'STATEMENT', null, say)
  for (const each of statement) {
    const where = `statement ${each.number}`
    for (const currency of ['usd', 'khr'] as const) {
      const parts = [each.openingFloat, each.sales, each.voids, each.paidIn, each.paidOut, each.adjustments]
      if (sum(parts, currency) !== each.expected[currency])
        say('STATEMENT_SUMS', where, `its parts are not the ${currency} that it expected`)
      if (each.counted && each.counted[currency] - each.expected[currency] !== each.difference?.[currency])
        say(
          'STATEMENT_SUMS',
          where,
          `its difference in ${currency} is not what was counted less what was expected`,
        )
    }
    const tenders = Object.values(each.sales.byTender) as Line[]
    if (sum(tenders, 'count') !== each.sales.count || sum(tenders, 'totalUsd') !== each.sales.totalUsd)
      say('STATEMENT_SUMS', where, 'its sales by tender are not its sales')
  }
}

/** The last entry of each series is the one that the gateway wrote last, or a later one; a file whose days are over does not say. */
function checkEnd({ end, statement, supplement }: Books, say: Say): void {
  const last = (series: Line[]) =>
    series.reduce<Line | null>((a, b) => (a && a.number > b.number ? a : b), null)
  for (const { statementNumber, statementHash, supplementNumber, supplementHash } of end)
    for (const [what, of, number, hash] of [
      ['STATEMENT', last(statement), statementNumber, statementHash],
      ['SUPPLEMENT', last(supplement), supplementNumber, supplementHash],
    ] as const)
      if (of && of.number < number)
        say(`${what}_MISSING`, `number ${number}`, 'it was the last one, and is not there')
      else if (of && of.number === number && of.hash !== hash)
        say(`${what}_UNCHAINED`, `number ${number}`, 'it was written otherwise')
}

const sum = (rows: readonly Line[], name: string): number => rows.reduce((all, row) => all + row[name], 0)

// -- a session: its sales and movements against its statement ----------------------------------------------------------

function checkSession(statement: Line, books: Books, supplements: Supplements, say: Say): void {
  const where = `statement ${statement.number}`
  const moved = books.movement
  const isLate = (each: Line) => supplements.entries.has(each.saleId ?? each.id) && each.movement !== 'REFUND'
  const inTime = moved.filter((each) => !isLate(each))
  const of = (kind: string) => inTime.filter(({ movement }) => movement === kind)
  const compare = (name: string, told: Line, rows: Line[]) => {
    const isSame =
      told.count === rows.length && told.usd === sum(rows, 'usd') && told.khr === sum(rows, 'khr')
    const what = `${rows.length} of ${sum(rows, 'usd')} cents and ${sum(rows, 'khr')} riel, where it says ${told.count} of ${told.usd} and ${told.khr}`
    if (!isSame) say(name, where, what)
  }
  compare('SALES_DIFFER', statement.sales, of('SALE_IN'))
  compare('SALES_DIFFER', statement.voids, of('REFUND'))
  compare('MOVEMENTS_DIFFER', statement.paidIn, of('PAID_IN'))
  compare('MOVEMENTS_DIFFER', statement.paidOut, of('PAID_OUT'))
  compare('MOVEMENTS_DIFFER', statement.adjustments, of('ADJUSTMENT'))
  const sold = books.sale.filter((each) => !supplements.entries.has(each.id))
  if (
    sold.length !== statement.sales.count ||
    sum(
      sold.map(({ totals }) => totals),
      'totalUsd',
    ) !== statement.sales.totalUsd
  )
    say(
      'SALES_DIFFER',
      where,
      `${sold.length} sales, where it says ${statement.sales.count}, or another total`,
    )
  checkSupplementsOf(statement, moved.filter(isLate), books, supplements, say)
}

/** What supplements say was booked, and what is there. */
function checkSupplementsOf(
  statement: Line,
  late: Line[],
  books: Books,
  supplements: Supplements,
  say: Say,
): void {
  const sales = new Map(books.sale.map((sale) => [sale.id, sale]))
  for (const each of supplements.of.get(statement.cashSessionId) ?? [])
    for (const entry of each.entries) {
      const where = `supplement ${each.number}`
      const rows = late.filter(({ saleId, id }) => (saleId ?? id) === entry.id)
      const sale = sales.get(entry.id)
      if (rows.length !== 1 || rows[0]!.usd !== entry.usd || rows[0]!.khr !== entry.khr)
        say('MOVEMENTS_DIFFER', where, `what it booked of ${entry.id} is not in the drawer's ledger`)
      if (
        entry.type === 'sale.finalize' &&
        (sale?.receiptNumber !== entry.receiptNumber || sale?.totals.totalUsd !== entry.totalUsd)
      )
        say('SALES_DIFFER', where, `the sale ${entry.id} that it booked is not there as it says`)
    }
}

// -- receipts: one series ----------------------------------------------------------------------------------------------

function checkReceipts({ sale, statement, supplement }: Books, say: Say): void {
  const numbers = new Map<number, number>()
  for (const { receiptNumber } of sale) numbers.set(receiptNumber, (numbers.get(receiptNumber) ?? 0) + 1)
  for (const [number, count] of numbers)
    if (count > 1) say('RECEIPT_TWICE', `receipt ${number}`, `${count} sales have it`)
  const late = new Set(supplement.flatMap(({ entries }) => entries.map((entry: Line) => entry.receiptNumber)))
  const inOrder = statement.filter(({ receipts }) => receipts).sort((a, b) => a.number - b.number)
  let next: number | null = null
  for (const { receipts, number } of inOrder) {
    for (let n: number = next ?? receipts.first; n <= receipts.last; n += 1)
      if (!numbers.has(n) && !late.has(n))
        say('RECEIPT_MISSING', `receipt ${n}`, `no sale has it (statement ${number})`)
    next = receipts.last + 1
  }
}

// -- operations: their hashes, and what they made ----------------------------------------------------------------------

/** A link, from an operation's line. */
const linkOf = (line: Line): string =>
  sha256({
    actorId: line.actorId,
    chain: line.chainId,
    clientOpId: line.clientOpId,
    deviceSeq: line.deviceSeq,
    occurredAt: line.occurredAt,
    payloadHash: line.madeHash ?? line.payloadHash,
    prev: line.prevLink,
  })

const named = (line: Line) => `operation ${line.deviceSeq} of ${line.deviceId}`

/**
 * Refused because its payload was not the one that was hashed, or too much to be kept: nothing was made of it, and its link
 * is of the hash.
 */
const isDamaged = ({ status, code, payload }: Line) =>
  status === 'REJECTED' &&
  (code === 'PAYLOAD_HASH_MISMATCH' || (code === 'PAYLOAD_INVALID' && payload === null))

function checkOperations({ operation, statement, chain }: Books, say: Say): void {
  const seen = new Map<string, number>()
  for (const line of operation) {
    seen.set(line.clientOpId, (seen.get(line.clientOpId) ?? 0) + 1)
    const { branchId, payload, type, payloadHash } = line
    if (!line.elsewhere && !isDamaged(line) && payloadHash !== sha256({ branchId, payload, type }))
      say('OPERATION_ALTERED', named(line), 'its payload has not its payload hash')
  }
  for (const line of operation.filter(({ clientOpId }) => seen.get(clientOpId)! > 1).slice(0, 20))
    say('OPERATION_TWICE', named(line), `${line.clientOpId} is there more than once`)
  const byChain = grouped([...operation, ...chain.flatMap(givenUpOf)], 'chainId')
  // A chain is a device's: another that goes by its id has one of its own.
  const itsOwn = (chainId: string, deviceId: string) =>
    (byChain.get(chainId) ?? []).filter((line) => line.deviceId === deviceId)
  for (const each of chain) checkCame(each, itsOwn(each.chainId, each.deviceId), say)
  for (const { number, devices } of statement)
    for (const part of devices)
      if (part.chain) checkPart(`statement ${number}`, part, itsOwn(part.chain, part.deviceId), say)
}

/** Of a chain what was given up, and what has its record in another place, as their links were made. */
const givenUpOf = ({ givenUp = [], chainId, deviceId }: Line): Line[] =>
  givenUp.map((each: Line) => ({ ...each, chainId, deviceId, prevLink: each.prev }))

/**
 * Each number that came of a chain is there, and holds the one before it as the gateway's runs say: also what no session has,
 * as what came too late for one. `from`, `to`: the numbers that the file has; `to` null: to the end.
 */
function checkCame(chain: Line, operations: Line[], say: Say): void {
  if (chain.from === undefined) return
  const links = new Map<number, Line[]>()
  for (const line of operations) links.set(line.deviceSeq, [...(links.get(line.deviceSeq) ?? []), line])
  const where = (n: number) => `operation ${n} of ${chain.deviceId}`
  for (const run of chain.runs) {
    const last = Math.min(run.to, chain.to ?? run.to)
    // Of a fork there may be several: each is followed.
    let before = run.from >= chain.from ? new Set([run.prev]) : null
    for (let n = Math.max(run.from, chain.from); n <= last; n += 1) {
      const here = links.get(n) ?? []
      const held = here.filter(({ prevLink }) => !before || before.has(prevLink))
      if (here.length === 0) say('OPERATION_MISSING', where(n), 'it came, and is not there')
      else if (held.length === 0)
        say('OPERATION_ALTERED', where(n), 'the one before it is not the one that it holds')
      before = held.length > 0 ? new Set(held.map(linkOf)) : null
      if (before && n === run.to && !before.has(run.link))
        say('OPERATION_ALTERED', where(n), 'the gateway kept another link of it')
    }
  }
  for (const [n, here] of links)
    if (new Set(here.map(linkOf)).size > 1) say('CHAIN_FORKED', where(n), 'one number has two links')
}

/** A device's numbers of a session: all there, each holding the one before, the last one as the statement says. */
function checkPart(where: string, part: Line, operations: Line[], say: Say): void {
  const own = operations
    .filter(
      ({ chainId, deviceSeq }) => chainId === part.chain && part.from <= deviceSeq && deviceSeq <= part.to,
    )
    .sort((a, b) => a.deviceSeq - b.deviceSeq)
  let last: { deviceSeq: number; link: string } | null = null
  for (const line of own) {
    if (last && line.deviceSeq === last.deviceSeq) {
      if (linkOf(line) !== last.link) say('CHAIN_FORKED', named(line), `${where}: one number has two links`)
      continue
    }
    if (line.deviceSeq !== (last?.deviceSeq ?? part.from - 1) + 1)
      say('OPERATION_MISSING', named(line), `${where}: what was before it is not there`)
    else if (last && line.prevLink !== last.link)
      say('OPERATION_ALTERED', named(line), `${where}: the one before it is not the one that it holds`)
    last = { deviceSeq: line.deviceSeq, link: linkOf(line) }
  }
  if (last?.deviceSeq !== part.to)
    say('OPERATION_MISSING', `operation ${part.to} of ${part.deviceId}`, `${where} knows of it`)
  else if (last && last.link !== part.link)
    say('OPERATION_ALTERED', `operation ${part.to} of ${part.deviceId}`, `${where} holds another link`)
}

function checkEffects(
  { operation, sale, movement, refusal, statement }: Books,
  supplements: Supplements,
  say: Say,
): void {
  const sales = new Map(sale.map((each) => [each.id, each]))
  const movements = new Map(movement.map((each) => [each.id, each]))
  const sessions = new Set(statement.map(({ cashSessionId }) => cashSessionId))
  const booked = new Set(
    refusal
      .filter(({ outcome }) => outcome === 'BOOKED' || outcome === 'SUPPLEMENTED')
      .map(({ thingId }) => thingId),
  )
  // Whom somebody has named where nothing but the person was the matter.
  const as = new Map(
    refusal.flatMap(({ thingId, bookedAs }) => (bookedAs ? [[thingId, bookedAs] as const] : [])),
  )
  const refused = new Set(refusal.map(({ clientOpId }) => clientOpId))
  for (const each of operation) {
    const { type, status, code, clientOpId } = each
    if (each.elsewhere || (type !== 'sale.finalize' && type !== 'cashSession.movement')) continue
    const isSale = type === 'sale.finalize'
    const payload = asRead(each.payload)
    const line = { ...each, payload }
    const made = isSale ? sales.get(payload.saleId) : movements.get(payload.movementId)
    if (status === 'APPLIED' && !made && sessions.has(payload.cashSessionId))
      say('EFFECT_MISSING', named(line), 'it was applied, and what it made is not there')
    if (code === 'CASH_SESSION_NOT_OPEN' && sessions.has(payload.cashSessionId) && !refused.has(clientOpId))
      say('REFUSAL_MISSING', named(line), 'it was refused for a session that was closed, and nobody was told')
    // Tried again under another key, it may have been put right.
    if (!made || (status !== 'APPLIED' && made.clientOpId !== clientOpId)) continue
    if (status !== 'APPLIED' && !booked.has(made.id) && !supplements.entries.has(made.id))
      say('OPERATION_ALTERED', named(line), 'it was rejected, and what it would have made is there')
    if (isSale)
      checkSale(as.has(made.id) ? { ...line, actorId: as.get(made.id) } : line, made, movements, say)
    else checkMovement(line, made, say)
  }
  const refunds = movement.filter((each) => each.movement === 'REFUND')
  const refunded = new Set(refunds.map(({ saleId }) => saleId))
  for (const each of sale) checkArithmetic(each, refunded, say)
}

/**
 * What an operation says, as the gateway reads it: ids in small letters, no white space around texts. It passes over what it
 * does not know: only what it does is compared.
 */
function asRead(payload: unknown): Line {
  if (typeof payload !== 'object' || payload === null) return {}
  const inSmall = (text: unknown) => (typeof text === 'string' ? text.toLowerCase() : text)
  const { saleId, movementId, cashSessionId, reason, ...rest } = payload as Line
  return {
    ...rest,
    ...{ saleId: inSmall(saleId), movementId: inSmall(movementId), cashSessionId: inSmall(cashSessionId) },
    reason: typeof reason === 'string' ? reason.trim() : reason,
  }
}

const some = (of: Line, ...names: string[]): Line =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(of, name)).map((name) => [name, of[name]]))
const moneyOf = (of: Line): Line => some(of, 'usd', 'khr')
const totalsOf = (of: Line): Line => some(of, 'subtotalUsd', 'vatUsd', 'totalUsd', 'totalKhr')
/** Of either form: the second, which is of both currencies, names none. */
const tenderOf = ({ method, currency, received, change }: Line): Line => ({
  ...(typeof received === 'object'
    ? { method, received: moneyOf(received) }
    : { method, currency, received }),
  change: moneyOf(change),
})

function checkSale(line: Line, made: Line, movements: Map<string, Line>, say: Say): void {
  const { payload } = line
  const told = made.lines.map(({ menuItemId, menuItemRevision, quantity, modifiers }: Line) => ({
    ...{ menuItemId, menuItemRevision, quantity },
    modifierOptionIds: modifiers.map(({ id }: Line) => id),
  }))
  const asked = payload.lines.map(({ menuItemId, menuItemRevision, quantity, modifierOptionIds }: Line) => ({
    ...{ menuItemId, menuItemRevision, quantity, modifierOptionIds },
  }))
  const same = (a: unknown, b: unknown) => canonical(a) === canonical(b)
  const { totals, tender, saleType, policyRevision, actorId } = made
  if (
    !same(told, asked) ||
    !same({ totals, tender, saleType, policyRevision }, pick(payload)) ||
    // The same sale under another key (sent to another session, by whoever was there) is still who made it's.
    (made.clientOpId === line.clientOpId && actorId !== line.actorId)
  )
    say('SALE_ALTERED', `receipt ${made.receiptNumber}`, `it is not what ${named(line)} says`)
  const cash = movements.get(made.clientOpId)
  const { usd, khr } = gain(tender)
  if (!cash || cash.usd !== usd || cash.khr !== khr || cash.saleId !== made.id)
    say(
      'MOVEMENT_ALTERED',
      `receipt ${made.receiptNumber}`,
      "its cash in the drawer's ledger is not its tender",
    )
}

const pick = ({ totals, tender, saleType, policyRevision }: Line) => ({
  totals: totalsOf(totals),
  tender: tenderOf(tender),
  saleType,
  policyRevision,
})

/** What the drawer gained by a tender of either form. */
function gain({ currency, received, change }: Line): { usd: number; khr: number } {
  const usd = currency === undefined ? received.usd : currency === 'USD' ? received : 0
  const khr = currency === undefined ? received.khr : currency === 'KHR' ? received : 0
  return { usd: usd - change.usd, khr: khr - change.khr }
}

function checkMovement({ payload, ...line }: Line, made: Line, say: Say): void {
  const signed = payload.kind === 'PAID_OUT' ? -payload.amount : payload.amount
  const asked = [
    payload.kind,
    payload.currency === 'USD' ? signed : 0,
    payload.currency === 'KHR' ? signed : 0,
    payload.reason,
  ]
  if (canonical([made.movement, made.usd, made.khr, made.reason]) !== canonical(asked))
    say('MOVEMENT_ALTERED', `movement ${made.id}`, `it is not what ${named(line)} says`)
}

/** A sale adds up by itself: lines, VAT, total; one that was voided in this file was given back. */
function checkArithmetic(
  { id, receiptNumber, lines, totals, policy, status }: Line,
  refunded: ReadonlySet<string>,
  say: Say,
): void {
  const where = `receipt ${receiptNumber}`
  const subtotal = lines.reduce((all: number, { unitUsd, quantity }: Line) => all + unitUsd * quantity, 0)
  const vat = policy.vatEnabled ? Math.floor((subtotal * policy.vatRatePercent * 2 + 100) / 200) : 0
  const isWrong =
    lines.some(({ unitUsd, quantity, lineUsd }: Line) => unitUsd * quantity !== lineUsd) ||
    subtotal !== totals.subtotalUsd ||
    (Number.isInteger(policy.vatRatePercent) && vat !== totals.vatUsd) ||
    totals.subtotalUsd + totals.vatUsd !== totals.totalUsd
  if (isWrong) say('SALE_ALTERED', where, 'its lines do not add up to its totals')
  if (status === 'FINALIZED' && refunded.has(id))
    say('SALE_ALTERED', where, 'it was given back, and stands as finalized')
}

// -- chains: what a device spoke of, and what came ---------------------------------------------------------------------

function checkChain(chain: Line, { header }: Books, say: Say): void {
  const where = `chain ${chain.chainId} of ${chain.deviceId}`
  const origin = sha256({ chain: chain.chainId, deviceId: chain.deviceId, tenantId: header[0]?.tenantId })
  const runs = [...chain.runs].sort((a: Line, b: Line) => a.from - b.from || b.to - a.to)
  const first = runs.find(({ prev }: Line) => prev === origin)
  const sound: Line[] = first ? [first] : []
  for (const run of runs) {
    if (run === first) continue
    const isSecond = sound.some(({ from, to }) => from <= run.to && run.from <= to)
    const isCut = sound.some(({ from, to }) => to === run.from - 1 || from === run.to + 1)
    if (isSecond || isCut || run.prev === origin)
      say('CHAIN_FORKED', where, `the numbers ${run.from} to ${run.to} have another link`)
    else sound.push(run)
  }
  if (chain.untracked > 0) say('CHAIN_FORKED', where, `${chain.untracked} links are in no run`)
  if (chain.rolledBackAt)
    say('CHAIN_FORKED', where, `its store is an earlier one since ${chain.rolledBackAt}`)
  const { head } = chain
  if (head && sound.some(({ to, link }) => to === head.deviceSeq && link !== head.link))
    say('CHAIN_FORKED', where, `the device has another link at number ${head.deviceSeq}`)
  const came = sound.reduce((all, { from, to }) => all + to - from + 1, 0)
  const lowest = first?.from ?? Math.min(...sound.map(({ from }) => from)) - 1
  const highest = Math.max(head?.deviceSeq ?? 0, ...sound.map(({ to }) => to))
  const missing = highest - lowest + 1 - came
  if (missing > (head?.held ?? 0))
    say('OPERATION_MISSING', where, `${missing} numbers up to ${highest} have not come`)
}

/** The lines of a file; null, and said why, where there are none to read. */
function linesOf(file: string | undefined): string[] | null {
  try {
    if (file) return readFileSync(file, 'utf8').split('\n')
    console.error('usage: npm run verify -- FILE')
  } catch (error) {
    console.error(`${file} could not be read: ${(error as NodeJS.ErrnoException).code}`)
  }
  process.exitCode = 2
  return null
}

function main(lines: readonly string[]): void {
  const faults = verify(lines)
  for (const { name, where, what } of faults) console.log(`${name}  ${where}: ${what}`)
  const count = (kind: string) => lines.filter((line) => line.includes(`"kind":"${kind}"`)).length
  const seen = `${count('statement')} statements, ${count('sale')} sales, ${count('operation')} operations`
  console.log(faults.length === 0 ? `all of it fits: ${seen}` : `${faults.length} faults in ${seen}`)
  if (faults.length > 0) process.exitCode = 1
}

if (process.argv[1] === import.meta.filename) {
  const lines = linesOf(process.argv[2])
  if (lines) main(lines)
}
