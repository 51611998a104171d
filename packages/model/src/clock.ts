/** Pure: the minutes from midnight to a time of the day, 'HH:MM': '22:30' is 1350. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}
