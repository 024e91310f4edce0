export { cityToday, formatAgo, formatDay, formatMinute, parseMoment } from './dates'
export { money, parseYuan, percent, shares, shortMoney, tenths, yuan, type Fen } from './money'
export { count, fileSize } from './numbers'
