/** The words of work queues and decisions, on whichever desk they stand. */
export default {
  search: '查找',
  mine: '待我办理',
  all: '全部',
  choose: '选择',
  chooseClaim: '选择申请 {number}',
  claimOf: '企业 / 申请编号',
  agreementOf: '企业 / 协议编号',
  service: '服务 / 服务商',
  stateAndTurn: '状态',
  waits: '已等待',
  turnOf: '等待：{who}',
  handled: '您已经手，须他人办理',
  handledLong: '您已在另一环节经手过此申请，须由其他经办人办理。',
  age: { today: '今天', days: '{days} 天' },
  size: { micro: '微型', small: '小型', medium: '中型', large: '大型' },
  decision: { reason: '原因', choose: '请选择原因' },
}
