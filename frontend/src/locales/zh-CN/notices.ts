export default { title: '公示', one: '公示名单' }
