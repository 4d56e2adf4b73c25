/**
 * PINs that anybody would try first. Pure.
 */

/** `0000`, `1212`, `123123`: a shorter text over and over. */
const repeats = (pin: string) => (pin + pin).indexOf(pin, 1) < pin.length

/** `1234`, `4321`, `7890`: each digit the one after the last, or the one before it. */
function runs(pin: string): boolean {
  const steps = [...pin].slice(1).map((digit, i) => (Number(digit) - Number(pin[i]) + 10) % 10)
  return steps.every((step) => step === 1) || steps.every((step) => step === 9)
}

export const isWeakPin = (pin: string): boolean => repeats(pin) || runs(pin)
