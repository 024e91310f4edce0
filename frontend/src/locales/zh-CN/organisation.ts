export default {
  title: '本单位信息',
  status: '核实状态',
  change: '修改',
  save: '保存修改',
  saved: '已保存',
  savedPending: '已保存，改动的内容须由区县重新核实',
  changeNote: '除地址、联系人和英文名外，改动的内容须由所在区县重新核实。',
  and: '、',
  hint: {
    registered: '注册成功。所在区县正在核实企业信息；在此期间可以先发布需求、比较服务。',
    pending: '所在区县正在核实，结果会通知您。',
    returned: '区县退回了核实，请按下面的意见修改后保存。',
    verified: '信息已核实。',
    suspended: '本单位已被暂停，详情见下。',
  },
}
