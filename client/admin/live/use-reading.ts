/** Typed reads as hooks: what they show keeps itself up to date. */
import { type UseQueryResult, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Document } from '../../sdk/index.ts'
import type { Interest } from '../lib/concern.ts'
import { type Listed, type Page, readPages } from '../lib/pages.ts'
import { useBackend } from './console.ts'

export type Read<Data> = {
  /** As of `asOf`; null: never loaded. */
  readonly data: Data | null
  readonly asOf: Date | null
  /** Why the last try failed; what was there before stays. */
  readonly problem: Error | null
  readonly isLoading: boolean
  readonly refresh: () => void
}
/** A list: `more` for another page. */
export type ReadList<Node> = Read<Listed<Node>> & { readonly more: () => void }

const pageSize = 50
/** Of what is needed whole: as large as the gateway makes a page, and no more of them than anybody could look through. */
const wholePageSize = 200
const wholePages = 25

/** What is asked of one branch has to do with that one's news. */
const metaOf = (interest: Omit<Interest, 'branchId'>, { branchId }: { branchId?: string | null }) => ({
  interest: { ...interest, branchId },
})

/** One document. */
export function useReading<Data, Variables extends object>(
  document: Document<Data, Variables & { tenantId: string }>,
  variables: Variables,
  interest: Omit<Interest, 'branchId'>,
): Read<Data> {
  const { gateway, readings } = useBackend()
  const queryKey = keyOf(document, variables)
  const queryFn = () => gateway.read(document, variables)
  const query = useQuery({ queryKey, queryFn, meta: metaOf(interest, variables) }, readings.client)
  return readOf(query, query.data)
}

type Paged = { tenantId: string; first: number; after?: string | null }

/** A list, a page at first. */
export function useList<Data, Variables extends object, Node>(
  document: Document<Data, Variables & Paged>,
  variables: Variables,
  pageOf: (data: Data) => Page<Node> | null | undefined,
  interest: Omit<Interest, 'branchId'>,
): ReadList<Node> {
  const { readings } = useBackend()
  const page = usePage(document, variables, pageOf, pageSize)
  const query = useInfiniteQuery(
    {
      queryKey: keyOf(document, variables),
      queryFn: ({ pageParam }) => page(pageParam),
      initialPageParam: null as string | null,
      getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : null),
      meta: metaOf(interest, variables),
    },
    readings.client,
  )
  const { data, hasNextPage: hasMore } = query
  const listed = useMemo(
    () =>
      data && {
        nodes: data.pages.flatMap(({ edges }) => edges.map(({ node }) => node)),
        hasMore,
        since: data.pages.at(-1)?.since ?? null,
      },
    [data, hasMore],
  )
  return { ...readOf(query, listed), more: () => void query.fetchNextPage() }
}

/** A list, all of it. */
export function useWhole<Data, Variables extends object, Node>(
  document: Document<Data, Variables & Paged>,
  variables: Variables,
  pageOf: (data: Data) => Page<Node> | null | undefined,
  interest: Omit<Interest, 'branchId'>,
): Read<Listed<Node>> {
  const { readings } = useBackend()
  const page = usePage(document, variables, pageOf, wholePageSize)
  const queryKey = [...keyOf(document, variables), 'whole']
  const queryFn = () => readPages(page, wholePages)
  const query = useQuery({ queryKey, queryFn, meta: metaOf(interest, variables) }, readings.client)
  return readOf(query, query.data)
}

const nothing: Page<never> = { edges: [], pageInfo: { hasNextPage: false } }

function usePage<Data, Variables extends object, Node>(
  document: Document<Data, Variables & Paged>,
  variables: Variables,
  pageOf: (data: Data) => Page<Node> | null | undefined,
  first: number,
) {
  const { gateway } = useBackend()
  return async (after: string | null): Promise<Page<Node>> => {
    const asked = { ...variables, first, after } as Variables & Paged
    return pageOf(await gateway.read<Data, Variables & Paged>(document, asked)) ?? nothing
  }
}

function readOf<Data>(
  {
    dataUpdatedAt,
    error,
    isFetching,
    refetch,
  }: Pick<UseQueryResult, 'dataUpdatedAt' | 'error' | 'isFetching' | 'refetch'>,
  data: Data | undefined,
): Read<Data> {
  return {
    data: data ?? null,
    asOf: dataUpdatedAt === 0 ? null : new Date(dataUpdatedAt),
    problem: error,
    isLoading: isFetching,
    refresh: () => void refetch(),
  }
}

/** The same document with the same variables is the same piece. */
const keyOf = (document: { toString(): string }, variables: object) => [
  /query (\w+)/.exec(document.toString())?.[1],
  variables,
]
