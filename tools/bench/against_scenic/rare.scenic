param map = localPath('straight.xodr')
param use2DMap = True
model scenic.domains.driving.model

class Ours(Car):
    length: $LENGTH
    width: $WIDTH

ego = new Ours on Uniform(*network.lanes).centerline
first = new Ours on Uniform(*network.lanes).centerline
second = new Ours on Uniform(*network.lanes).centerline

require (distance from ego to first) < 12
require (distance from ego to second) < 15
