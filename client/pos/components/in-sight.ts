/** As a `ref` of what is said in the middle of something: whoever has scrolled away from its place sees it all the same. */
export const inSight = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' })
