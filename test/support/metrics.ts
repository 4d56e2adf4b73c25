/** What a gateway says at /metrics of this name, with its labels; 0 where nothing was counted yet. `url`: any of its pages. */
export async function metricAt(url: string, name: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url))).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.split(' ')[1] ?? 0)
}
