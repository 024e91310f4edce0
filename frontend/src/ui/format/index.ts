export { cityToday, formatAgo, formatDay, formatMinute, parseMoment } from './dates'
export { money, parseRate, parseYuan, percent, shares, shortMoney, tenths, yuan, type Fen } from './money'
export { count, fileSize } from './numbers'
