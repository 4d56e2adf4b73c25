/** Lists come in pages, by Relay cursors. */
export type Page<Node> = {
  readonly edges: readonly { readonly node: Node }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null }
  /** What is older is not there any more, where the list can say so. */
  readonly since?: string | null
}
export type Listed<Node> = {
  readonly nodes: readonly Node[]
  readonly hasMore: boolean
  readonly since?: string | null
}

/** The first so many pages, one after the other: each begins where the one before it ended. */
export async function readPages<Node>(
  read: (after: string | null) => Promise<Page<Node>>,
  atMost: number,
): Promise<Listed<Node>> {
  const nodes: Node[] = []
  let after: string | null = null
  for (let pages = 1; ; pages += 1) {
    const { edges, pageInfo }: Page<Node> = await read(after)
    nodes.push(...edges.map(({ node }) => node))
    after = pageInfo.endCursor ?? null
    if (!pageInfo.hasNextPage || after === null) return { nodes, hasMore: false }
    if (pages >= atMost) return { nodes, hasMore: true }
  }
}
