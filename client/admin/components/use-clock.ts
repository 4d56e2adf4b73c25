import { useTranslation } from 'react-i18next'

/** `14:03:58`: to the second, for what happens while one looks. */
export function useClock(): (moment: Date | number | string) => string {
  const { i18n } = useTranslation()
  const format = new Intl.DateTimeFormat(i18n.language === 'km' ? 'km-KH' : 'en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  return (moment) => format.format(new Date(moment))
}
