/** An id as people can read it: a guest's own is their address, and what stands for it ('guest:~…') says nothing. */
export const shownId = (id: string) => (id.startsWith('guest:~') ? 'guest:•••' : id)
