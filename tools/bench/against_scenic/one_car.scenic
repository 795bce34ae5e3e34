param map = localPath('straight.xodr')
param use2DMap = True
model scenic.domains.driving.model

ego = new Car on Uniform(*network.lanes).centerline, with length $LENGTH, with width $WIDTH
