import type { ComponentProps } from 'react'
import { EmptyState as Empty } from '../../ui/empty-state.tsx'
import { Heading } from './screen.tsx'

/** `isScreen`: it is all there is on the screen, and its title is the screen's. */
export function EmptyState(
  props: Omit<ComponentProps<typeof Empty>, 'title'> & { title: string; isScreen?: boolean },
) {
  const { title, isScreen = false, ...rest } = props
  return <Empty {...rest} title={isScreen ? <Heading>{title}</Heading> : title} />
}
