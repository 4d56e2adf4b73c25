import './print.css'

/** What is printed is the receipt on screen, and nothing else: `print.css`. */
export const printReceipt = (): void => window.print()
