import { useMantineTheme } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'

/** Whether a table shows its columns `from: 'md'`; for what stands elsewhere where it does not, and is drawn once. */
export function useHasColumns(): boolean {
  const { breakpoints } = useMantineTheme()
  return (
    useMediaQuery(`(min-width: ${breakpoints.md})`, undefined, { getInitialValueInEffect: false }) ?? false
  )
}
