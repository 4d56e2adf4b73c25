/** Times for a stream that is made anew with all that there is, however long ago it was finished. */
export const asNow = () => ({ at: new Date(), finishedSince: new Date(0) })
