/** Typed reads as hooks: what they show keeps itself up to date. */
import { useSyncExternalStore } from 'react'
import type { Document } from '../../sdk/index.ts'
import type { Interest } from '../lib/concern.ts'
import { type Listed, type Page, readPages } from '../lib/pages.ts'
import { useBackend } from './console.ts'
import type { Snapshot } from './reading.ts'

export type Read<Data> = Snapshot<Data> & { readonly refresh: () => void; readonly more: () => void }

const pageSize = 50
/** Of what is needed whole: as large as the gateway makes a page, and no more of them than anybody could look through. */
const wholePageSize = 200
const wholePages = 25

/** One document. */
export function useReading<Data, Variables extends object>(
  document: Document<Data, Variables & { tenantId: string }>,
  variables: Variables,
  interest: Interest,
): Read<Data> {
  const { gateway } = useBackend()
  return useNamed(nameOf(document, variables), () => gateway.read(document, variables), interest)
}

type Paged = { tenantId: string; first: number; after?: string | null }

/** A list, a page at first; `more` for another one. */
export const useList = <Data, Variables extends object, Node>(
  document: Document<Data, Variables & Paged>,
  variables: Variables,
  pageOf: (data: Data) => Page<Node> | null | undefined,
  interest: Interest,
): Read<Listed<Node>> => usePages(document, variables, pageOf, interest, pageSize, (pages) => pages)

/** A list, all of it. */
export const useWhole = <Data, Variables extends object, Node>(
  document: Document<Data, Variables & Paged>,
  variables: Variables,
  pageOf: (data: Data) => Page<Node> | null | undefined,
  interest: Interest,
): Read<Listed<Node>> => usePages(document, variables, pageOf, interest, wholePageSize, () => wholePages)

const nothing: Page<never> = { edges: [], pageInfo: { hasNextPage: false } }

function usePages<Data, Variables extends object, Node>(
  document: Document<Data, Variables & Paged>,
  variables: Variables,
  pageOf: (data: Data) => Page<Node> | null | undefined,
  interest: Interest,
  first: number,
  atMost: (pages: number) => number,
): Read<Listed<Node>> {
  const { gateway } = useBackend()
  const page = async (after: string | null) => {
    const asked = { ...variables, first, after } as Variables & Paged
    return pageOf(await gateway.read<Data, Variables & Paged>(document, asked)) ?? nothing
  }
  return useNamed(nameOf(document, variables), (pages) => readPages(page, atMost(pages)), interest)
}

function useNamed<Data>(
  name: string,
  load: (pages: number) => Promise<Data>,
  interest: Interest,
): Read<Data> {
  const { readings } = useBackend()
  const reading = readings.of(name, load, interest)
  const snapshot = useSyncExternalStore(reading.subscribe, reading.snapshot)
  return { ...snapshot, refresh: reading.refresh, more: reading.more }
}

/** The same document with the same variables is the same piece. */
const nameOf = (document: { toString(): string }, variables: object): string =>
  `${/query (\w+)/.exec(document.toString())?.[1]} ${JSON.stringify(variables)}`
