param map = localPath('straight.xodr')
param use2DMap = True
model scenic.domains.driving.model

inner, outer = network.roads[0].forwardLanes.lanes[1], network.roads[0].forwardLanes.lanes[0]
oncoming = network.roads[0].backwardLanes

class Ours(Car):
    length: $LENGTH
    width: $WIDTH

class Walker(Pedestrian):
    length: $DEPTH
    width: $BREADTH
    parentOrientation: 0

ego = new Ours on inner.centerline
lead = new Ours ahead of ego by Range(5, 60)
follower = new Ours behind ego by Range(5, 60)
passing = new Ours on outer.centerline
first = new Ours on oncoming.lanes[0].centerline
second = new Ours on oncoming.lanes[1].centerline
walker = new Walker on sidewalk
stroller = new Walker on sidewalk

require (distance from ego to lead) > 15
require (distance from ego to follower) > 12
require (distance from ego to passing) < 50
require (distance from passing to lead) > 10
require (distance from ego to first) > 30
require (distance from ego to first) < 120
require (distance from ego to second) < 150
require (distance from first to second) > 15
require (distance from ego to walker) < 60
require (distance from walker to stroller) > 8
