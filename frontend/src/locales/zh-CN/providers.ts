export default { title: '服务商', one: '服务商介绍' }
