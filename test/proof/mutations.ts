/**
 * What can be done to a history, one thing at a time, each with the names by which it may be called. A mutation that finds
 * nothing to change in a history gives null.
 */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Line } from '../../src/modules/closing/lines.ts'
import type { Dice } from './history.ts'

const sha256 = (content: object) => createHash('sha256').update(canonicalize(content)!).digest('hex')

// biome-ignore lint/suspicious/noExplicitAny: lines are JSON
type Any = any
export type Mutation = {
  name: string
  /** One of these at least must be named. */
  as: readonly string[]
  mutate: (lines: Line[], dice: Dice) => Line[] | null
}

const copyOf = (lines: Line[]): Any[] => structuredClone(lines)
function pick(lines: Any[], dice: Dice, fits: (line: Any) => boolean): Any | null {
  const found = lines.filter(fits)
  return found.length > 0 ? found[dice.below(found.length)] : null
}
const is = (kind: string) => (line: Any) => line.kind === kind

/** Changes one line of those that fit. */
const change =
  (fits: (line: Any) => boolean, to: (line: Any, dice: Dice, all: Any[]) => void) =>
  (lines: Line[], dice: Dice): Line[] | null => {
    const copy = copyOf(lines)
    const line = pick(copy, dice, fits)
    if (!line) return null
    to(line, dice, copy)
    return copy
  }
const drop =
  (fits: (line: Any, all: Line[]) => boolean) =>
  (lines: Line[], dice: Dice): Line[] | null => {
    const line = pick(lines, dice, (each) => fits(each, lines))
    return line ? lines.filter((each) => each !== line) : null
  }
const rehashed = (line: Any) => {
  const { hash: _, ...content } = line
  line.hash = sha256(content)
}
const last = (kind: string, line: Any, all: Line[]) =>
  Math.max(...all.filter(is(kind)).map(({ number }: Any) => number)) === line.number
const chainOf = (all: Any[], line: Any) =>
  all.find((each) => each.kind === 'chain' && each.chainId === line.chainId)
const cents = (dice: Dice) => (dice.below(2) === 0 ? 1 : -1) * (1 + dice.below(500))
const isSale = (line: Any) => line.kind === 'operation' && line.type === 'sale.finalize'

export const mutations: readonly Mutation[] = [
  {
    name: 'an operation dropped',
    as: ['OPERATION_MISSING'],
    mutate: drop(is('operation')),
  },
  {
    name: 'the last operation never came: only the device spoke of it',
    as: ['OPERATION_MISSING'],
    mutate: change(is('chain'), (chain) => {
      const run = chain.runs.at(-1)
      run.to -= 1
      run.link = sha256({ was: run.link })
    }),
  },
  {
    name: 'several never came, in the middle',
    as: ['OPERATION_MISSING'],
    mutate: change(
      (line) => line.kind === 'chain' && line.runs[0]?.to > 3,
      (chain, dice) => {
        const [run] = chain.runs
        const from = 2 + dice.below(run.to - 2)
        chain.runs = [
          { ...run, to: from - 1, link: sha256({ from }) },
          ...(from < run.to
            ? [{ from: from + 1, to: run.to, prev: sha256({ to: from }), link: run.link }]
            : []),
        ]
      },
    ),
  },
  {
    name: 'a cent edited in a sale',
    as: ['SALE_ALTERED', 'SALES_DIFFER'],
    mutate: change(is('sale'), (line, dice) => {
      line.totals.totalUsd += cents(dice)
    }),
  },
  {
    name: "a sale's line made cheaper, with its totals",
    as: ['SALE_ALTERED'],
    mutate: change(is('sale'), (line) => {
      line.lines[0].unitUsd -= 1
      line.lines[0].lineUsd -= line.lines[0].quantity
      line.totals.subtotalUsd -= line.lines[0].quantity
    }),
  },
  {
    name: 'the tender of a sale edited',
    as: ['SALE_ALTERED', 'MOVEMENT_ALTERED'],
    mutate: change(is('sale'), (line, dice) => {
      line.tender.received += 100 + dice.below(100)
    }),
  },
  {
    name: 'a cent edited in the ledger',
    as: ['SALES_DIFFER', 'MOVEMENTS_DIFFER'],
    mutate: change(is('movement'), (line, dice) => {
      line.usd += cents(dice)
    }),
  },
  {
    name: 'a cent edited in an operation',
    as: ['OPERATION_ALTERED'],
    mutate: change(
      (line) => isSale(line),
      (line, dice) => {
        line.payload.totals.totalUsd += cents(dice)
      },
    ),
  },
  {
    name: 'a cent edited in the device’s store, hash and all',
    as: ['OPERATION_ALTERED', 'CHAIN_FORKED'],
    mutate: (lines, dice) => {
      const copy = copyOf(lines)
      const line = pick(copy, dice, (each) => isSale(each))
      if (!line) return null
      line.payload.totals.totalUsd += cents(dice)
      const { branchId, payload, type } = line
      line.payloadHash = sha256({ branchId, payload, type })
      return copy
    },
  },
  {
    name: 'a time edited in an operation',
    as: ['OPERATION_ALTERED'],
    mutate: (lines, dice) => {
      const copy = copyOf(lines)
      const line = pick(copy, dice, is('operation'))
      if (!line) return null
      line.occurredAt = new Date(new Date(line.occurredAt).getTime() + 60_000).toISOString()
      return copy
    },
  },
  {
    name: 'an operation put in somebody else’s name',
    as: ['OPERATION_ALTERED', 'SALE_ALTERED'],
    mutate: (lines, dice) => {
      const copy = copyOf(lines)
      const line = pick(copy, dice, is('operation'))
      if (!line) return null
      line.actorId = 'dara'
      return copy
    },
  },
  {
    name: 'two operations swapped',
    as: ['OPERATION_ALTERED'],
    mutate: (lines, dice) => {
      const copy = copyOf(lines)
      const one = pick(copy, dice, is('operation'))
      const other =
        one &&
        pick(copy, dice, (each) => each.chainId === one.chainId && each.kind === 'operation' && each !== one)
      if (!other) return null
      ;[one.deviceSeq, other.deviceSeq] = [other.deviceSeq, one.deviceSeq]
      return copy
    },
  },
  {
    name: 'an operation twice',
    as: ['OPERATION_TWICE'],
    mutate: (lines, dice) => {
      const line = pick(lines, dice, is('operation'))
      return line ? [...lines, line] : null
    },
  },
  {
    name: 'a sale twice',
    as: ['RECEIPT_TWICE'],
    mutate: (lines, dice) => {
      const line = pick(lines, dice, is('sale'))
      return line ? [...lines, { ...line, id: dice.uuid() }] : null
    },
  },
  {
    name: 'a sale removed',
    as: ['SALES_DIFFER', 'EFFECT_MISSING', 'RECEIPT_MISSING'],
    mutate: drop((line) => line.kind === 'sale'),
  },
  {
    name: 'a movement removed',
    as: ['MOVEMENTS_DIFFER', 'SALES_DIFFER'],
    mutate: drop((line) => line.kind === 'movement'),
  },
  {
    name: 'a sale with all that is of it removed',
    as: ['OPERATION_MISSING', 'SALES_DIFFER'],
    mutate: (lines, dice) => {
      const sale = pick(lines, dice, is('sale'))
      const isOf = (line: Any) =>
        line === sale || line.saleId === sale.id || line.clientOpId === sale.clientOpId
      return sale ? lines.filter((line) => !isOf(line)) : null
    },
  },
  {
    name: 'a receipt numbered anew',
    as: ['RECEIPT_MISSING', 'RECEIPT_TWICE', 'SALES_DIFFER'],
    mutate: change(is('sale'), (line) => {
      line.receiptNumber += 1
    }),
  },
  {
    name: 'a verdict turned',
    as: ['OPERATION_ALTERED'],
    mutate: (lines, dice) => {
      const copy = copyOf(lines)
      const late = new Set(
        copy
          .filter(is('supplement'))
          .flatMap(({ entries }) => entries.map(({ clientOpId }: Any) => clientOpId)),
      )
      const line = pick(
        copy,
        dice,
        (each) => isSale(each) && each.status === 'APPLIED' && !late.has(each.clientOpId),
      )
      if (!line) return null
      Object.assign(line, { status: 'REJECTED', code: 'CASH_SESSION_NOT_OPEN' })
      return copy
    },
  },
  {
    name: 'the till cloned: one number with two links',
    as: ['CHAIN_FORKED'],
    mutate: change(is('chain'), (chain, dice) => {
      const from = 2 + dice.below(Math.max(1, chain.runs[0].to - 1))
      const prev = sha256({ clone: from })
      chain.runs.push({ from, to: from + dice.below(3), prev, link: sha256({ prev }) })
    }),
  },
  {
    name: 'the till cloned, and both operations in the file',
    as: ['CHAIN_FORKED', 'OPERATION_ALTERED'],
    mutate: (lines, dice) => {
      const line = pick(lines, dice, (each) => isSale(each))
      if (!line) return null
      return [...lines, { ...line, clientOpId: dice.uuid(), occurredAt: '2026-03-05T00:00:00.000Z' }]
    },
  },
  {
    name: 'the till rolled back',
    as: ['CHAIN_FORKED'],
    mutate: change(is('chain'), (chain) => {
      chain.rolledBackAt = '2026-03-05T00:00:00.000Z'
    }),
  },
  {
    name: 'the till has another link at its end',
    as: ['CHAIN_FORKED'],
    mutate: change(is('chain'), (chain) => {
      chain.head.link = sha256({ other: chain.head.link })
    }),
  },
  {
    name: 'the till’s store was lost with what it held',
    as: ['OPERATION_MISSING'],
    mutate: change(is('chain'), (chain, dice) => {
      chain.head.deviceSeq += 1 + dice.below(5)
      chain.head.link = sha256({ lost: chain.head.link })
    }),
  },
  {
    name: 'the server restored from an earlier backup',
    as: ['OPERATION_MISSING'],
    mutate: (lines, dice) => {
      const closing = pick(
        lines,
        dice,
        (line) => line.kind === 'operation' && line.type === 'cashSession.close',
      )
      if (!closing) return null
      const isLater = (line: Any) => line.kind === 'operation' && line.occurredAt >= closing.occurredAt
      const gone = lines.filter(isLater) as Any[]
      const copy = copyOf(
        lines.filter((line: Any) => !isLater(line) && !(line.recordedAt >= closing.occurredAt)),
      )
      for (const line of gone) {
        const chain = chainOf(copy, line)
        const run = chain.runs[0]
        if (run && run.to >= line.deviceSeq)
          Object.assign(run, { to: line.deviceSeq - 1, link: line.prevLink })
        if (run && run.to < run.from) chain.runs.shift()
      }
      return copy
    },
  },
  {
    name: 'a statement altered',
    as: ['STATEMENT_ALTERED'],
    mutate: change(is('statement'), (line) => {
      line.note = 'all was well'
    }),
  },
  {
    name: 'a statement’s difference put right, hash and all',
    as: ['STATEMENT_SUMS', 'STATEMENT_UNCHAINED'],
    mutate: change(is('statement'), (line, dice) => {
      line.difference.usd += cents(dice)
      rehashed(line)
    }),
  },
  {
    name: 'a statement’s sales and expectation made less, hash and all',
    as: ['SALES_DIFFER'],
    mutate: change(is('statement'), (line) => {
      line.sales.usd -= 100
      line.expected.usd -= 100
      line.difference.usd += 100
      rehashed(line)
    }),
  },
  {
    name: 'a statement removed',
    as: ['STATEMENT_MISSING', 'STATEMENT_UNCHAINED'],
    mutate: (lines, dice) => {
      const numbers = lines.filter(is('statement')).map(({ number }: Any) => number)
      if (numbers.length < 3) return null
      const inner = numbers.sort((a, b) => a - b).slice(1, -1)
      const gone = inner[dice.below(inner.length)]
      return lines.filter((line: Any) => !(line.kind === 'statement' && line.number === gone))
    },
  },
  {
    name: 'the last statement removed, with its session',
    as: ['STATEMENT_MISSING'],
    mutate: (lines) => {
      const numbers = lines.filter(is('statement')).map(({ number }: Any) => number)
      const gone = lines.find(
        (line: Any) => is('statement')(line) && line.number === Math.max(...numbers),
      ) as Any
      if (numbers.length < 2) return null
      return lines.filter((line: Any) => line !== gone && line.cashSessionId !== gone.cashSessionId)
    },
  },
  {
    name: 'a statement inserted',
    as: ['STATEMENT_MISSING', 'STATEMENT_UNCHAINED'],
    mutate: (lines, dice) => {
      const copy = copyOf(lines)
      const line = pick(copy, dice, (each) => each.kind === 'statement' && !last('statement', each, lines))
      if (!line) return null
      const inserted = {
        ...structuredClone(line),
        number: line.number + 1,
        prev: line.hash,
        cashSessionId: dice.uuid(),
      }
      rehashed(inserted)
      for (const each of copy)
        if (each.kind === 'statement' && each.number > line.number) {
          each.number += 1
          rehashed(each)
        }
      return [...copy, inserted]
    },
  },
  {
    name: 'a supplement removed',
    as: ['SUPPLEMENT_MISSING', 'SALES_DIFFER'],
    mutate: drop((line) => line.kind === 'supplement'),
  },
  {
    name: 'a supplement altered, hash and all',
    as: ['SUPPLEMENT_ALTERED', 'SUPPLEMENT_UNCHAINED', 'MOVEMENTS_DIFFER'],
    mutate: change(is('supplement'), (line, dice) => {
      line.entries[0].usd += cents(dice)
      rehashed(line)
    }),
  },
  {
    name: 'what came too late made less before it was booked, with all that it made',
    as: ['SALE_ALTERED'],
    mutate: (lines, dice) => {
      const copy = copyOf(lines)
      const supplement = pick(
        copy,
        dice,
        (line) => line.kind === 'supplement' && line.entries.some(({ totalUsd }: Any) => totalUsd > 0),
      )
      if (!supplement) return null
      const entry = supplement.entries[0]
      const sale = copy.find(({ id }) => id === entry.id)
      const cash = copy.find(({ kind, saleId }) => kind === 'movement' && saleId === entry.id)
      if (!sale || !cash) return null
      const less = sale.tender.currency === 'USD' ? 'usd' : 'khr'
      sale.tender.received -= 100
      for (const each of [cash, entry, supplement]) each[less] -= 100
      rehashed(supplement)
      return copy
    },
  },
  {
    name: 'what came too late taken from the desk',
    as: ['REFUSAL_MISSING'],
    mutate: drop(is('refusal')),
  },
  {
    name: 'what came too late taken out altogether',
    as: ['OPERATION_MISSING'],
    mutate: (lines, dice) => {
      const gone = pick(lines, dice, (line) => line.kind === 'refusal' && !line.settled)
      return gone ? lines.filter((line: Any) => line.clientOpId !== gone.clientOpId) : null
    },
  },
  {
    name: 'a line cut in the middle',
    as: ['LINE_UNREADABLE'],
    mutate: (lines, dice) => {
      const line = pick(lines, dice, (each) => each.kind !== 'header')
      return lines.map((each) => (each === line ? ({ kind: `${each.kind}…` } as Line) : each))
    },
  },
]
