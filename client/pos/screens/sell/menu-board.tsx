import { IconToolsKitchen2 } from '@tabler/icons-react'
import {
  type CSSProperties,
  memo,
  startTransition,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../components/empty-state.tsx'
import { useCartSteps } from '../../hooks/cart.tsx'
import { useHasWideHeader } from '../../hooks/use-layout.ts'
import { firstItems, type Item, readyForSearch, type Section, searchMenu } from '../../lib/menu.ts'
import { pressAtOnce } from '../../lib/taps.ts'
import { CloseSessionButton } from '../cash/close-session-button.tsx'
import { Categories } from './categories.tsx'
import { hueOf } from './hues.ts'
import { ItemTile } from './item-tile.tsx'
import classes from './menu.module.css'
import { SearchField } from './search-field.tsx'

/**
 * Everything that is sold: all of it, a category, or what is searched for. A tap puts one into the cart; what is in the
 * cart is nothing that the board is drawn for.
 */
export const MenuBoard = memo(function MenuBoard() {
  const { t } = useTranslation('pos')
  const { menu, add } = useCartSteps()
  const isWide = useHasWideHeader()
  const [sought, seek] = useState('')
  const [categoryId, choose] = useState<string | null>(null)
  const isSearching = sought.trim() !== ''
  // A category may be gone by now.
  const chosen = menu.sections.some(({ category }) => category.id === categoryId) ? categoryId : null
  const board = useRef<HTMLDivElement>(null)
  useEffect(() => whenIdle(() => readyForSearch(menu)), [menu])
  useEffect(() => pressAtOnce(board.current!), [])

  // Of something else one sees the beginning. At once: later, all of it would be laid out for that alone.
  const toTop = useCallback(() => board.current?.scrollTo(0, 0), [])
  const onSearch = useCallback(
    (text: string) => {
      toTop()
      seek(text)
    },
    [toTop],
  )
  const onChoose = useCallback(
    (id: string | null) => {
      toTop()
      choose(id)
    },
    [toTop],
  )
  const onTake = useCallback(
    (text: string) => {
      const first = searchMenu(menu, text)[0]?.items[0]
      if (first) add(first)
      return first !== undefined
    },
    [menu, add],
  )

  return (
    <>
      <div className={classes.tools}>
        <SearchField onSearch={onSearch} onTake={onTake} />
        <CloseSessionButton isCompact={!isWide} />
      </div>
      <Categories sections={menu.sections} chosen={isSearching ? null : chosen} onChoose={onChoose} />
      <div ref={board} className={classes.board}>
        {menu.sections.length === 0 && (
          <EmptyState
            icon={IconToolsKitchen2}
            title={t('sell.emptyMenu.title')}
            text={t('sell.emptyMenu.text')}
          />
        )}
        {isSearching && <Found sought={sought} />}
        <Sections chosen={chosen} isHidden={isSearching} />
      </div>
    </>
  )
})

/** All tiles, of which a search or a category hides some: 500 are not made and thrown away for a key or a tap. */
const Sections = memo(function Sections({ chosen, isHidden }: { chosen: string | null; isHidden: boolean }) {
  const { menu } = useCartSteps()
  const first = useMemo(() => firstItems(menu.sections, tilesInSight), [menu])
  const shown = useHasTime() ? menu.sections : first
  return shown.map((section, i) => (
    <OneSection
      key={section.category.id}
      section={section}
      hue={i}
      isTitled={chosen === null}
      isHidden={isHidden || (chosen !== null && chosen !== section.category.id)}
    />
  ))
})

/** What a search finds, by category; of a lot, as much as one looks through. */
function Found({ sought }: { sought: string }) {
  const { t } = useTranslation('pos')
  const { menu } = useCartSteps()
  const found = useMemo(() => searchMenu(menu, sought), [menu, sought])
  const shown = useMemo(() => firstItems(found, mostFound), [found])
  const more = countOfItems(found) - countOfItems(shown)
  const hueOfCategory = (id: string) => menu.sections.findIndex(({ category }) => category.id === id)
  return (
    <>
      {found.length === 0 && <p role="status">{t('sell.nothingFound', { search: sought })}</p>}
      {shown.map((section) => (
        <OneSection
          key={section.category.id}
          section={section}
          hue={hueOfCategory(section.category.id)}
          isTitled
          isHidden={false}
        />
      ))}
      {more > 0 && <p data-testid="more-found">{t('sell.moreFound', { count: more })}</p>}
    </>
  )
}

const OneSection = memo(function OneSection(props: {
  section: Section
  /** The place of its category on the menu. */
  hue: number
  isTitled: boolean
  isHidden: boolean
}) {
  const { section, hue, isTitled, isHidden } = props
  const { category, items } = section
  return (
    <section
      className={classes.section}
      aria-label={category.name}
      aria-hidden={isHidden || undefined}
      data-away={isHidden || undefined}
      style={hueOf(hue)}
    >
      {isTitled && <h2 className={classes.sectionTitle}>{category.name}</h2>}
      <TileList items={items} />
    </section>
  )
})

const TileList = memo(function TileList({ items }: { items: readonly Item[] }) {
  const { add } = useCartSteps()
  return chunks(items, tilesTogether).map((some) => (
    <ul key={some[0]!.id} className={classes.tiles} style={{ '--items': some.length } as CSSProperties}>
      {some.map((item) => (
        <ItemTile key={item.id} item={item} onAdd={add} />
      ))}
    </ul>
  ))
})

/** More than fit into any window. */
const tilesInSight = 60
const mostFound = 20
/** What is out of sight is spared by so many: whole rows in each number of columns that `.tiles` has. */
const tilesTogether = 60

const chunks = (items: readonly Item[], size: number) =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))

const countOfItems = (sections: readonly Section[]) =>
  sections.reduce((sum, { items }) => sum + items.length, 0)

/** When nothing else is to be done. Returns how to give it up. */
function whenIdle(work: () => void): () => void {
  // Safari has no word for it.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work, 500)
    return () => clearTimeout(timer)
  }
  const id = requestIdleCallback(work, { timeout: 5_000 })
  return () => cancelIdleCallback(id)
}

/** False until what is there first is on the screen: what is out of sight is drawn after it. */
function useHasTime(): boolean {
  const [hasTime, setHasTime] = useState(false)
  useEffect(() => startTransition(() => setHasTime(true)), [])
  return hasTime
}
