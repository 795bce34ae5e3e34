"""A map written by hand in the style of OpenDRIVE 1.5, with every geometry and many extras."""

HAND = """<?xml version="1.0"?>
<OpenDRIVE xmlns="http://code.asam.net/simulation/standard/opendrive_schema">
  <header revMajor="1" revMinor="5" name="hand" version="1" date="2020-01-01" north="0" south="0">
    <geoReference><![CDATA[+proj=utm +zone=32]]></geoReference>
  </header>
  <road id="1" name="long" length="180" junction="-1" rule="RHT">
    <link><successor elementType="junction" elementId="9"/></link>
    <type s="0" type="town"><speed max="50" unit="km/h"/></type>
    <type s="100" type="rural"><speed max="100" unit="km/h"/></type>
    <planView>
      <geometry s="0" x="0" y="0" hdg="0" length="40"><line/></geometry>
      <geometry s="40" x="40" y="0" hdg="0" length="30">
        <spiral curvStart="0" curvEnd="0.02"/>
      </geometry>
      <geometry s="70" x="69.73" y="2.98" hdg="0.3" length="30"><arc curvature="0.02"/></geometry>
      <geometry s="100" x="94.16" y="19.93" hdg="0.9" length="40">
        <paramPoly3 aU="0" bU="40" cU="0" dU="0" aV="0" bV="0" cV="2" dV="-1" pRange="normalized"/>
      </geometry>
      <geometry s="140" x="118.24" y="51.88" hdg="0.92" length="30">
        <poly3 a="0" b="0.02" c="0.004" d="0"/>
      </geometry>
      <geometry s="170" x="0" y="0" hdg="0" length="0"><line/></geometry>
      <geometry s="170" x="133.6" y="77.5" hdg="1.1" length="10"><line/></geometry>
    </planView>
    <elevationProfile><elevation s="0" a="2" b="0.01" c="0" d="0"/></elevationProfile>
    <lateralProfile>
      <superelevation s="0" a="0.03" b="0" c="0" d="0"/>
      <crossfall side="both" s="0" a="0.02" b="0" c="0" d="0"/>
    </lateralProfile>
    <lanes>
      <laneOffset s="0" a="0.5" b="0" c="0" d="0"/>
      <laneSection s="0">
        <left>
          <lane id="2" type="sidewalk" level="true">
            <width sOffset="0" a="2" b="0" c="0" d="0"/>
            <height sOffset="0" inner="0.12" outer="0.14"/>
            <height sOffset="50" inner="0" outer="0"/>
          </lane>
          <lane id="1" type="driving">
            <width sOffset="0" a="3.5" b="0" c="0" d="0"/>
            <roadMark sOffset="0" type="curb" weight="standard" color="standard"/>
          </lane>
        </left>
        <center>
          <lane id="0" type="none">
            <roadMark sOffset="0" type="solid broken" weight="bold" color="yellow" width="0.15">
              <type name="sb" width="0.15">
                <line length="0" space="0" tOffset="0.15" sOffset="0"/>
                <line length="3" space="9" tOffset="-0.15" sOffset="0"/>
              </type>
            </roadMark>
            <roadMark sOffset="60" type="broken" weight="bold" color="blue"/>
          </lane>
        </center>
        <right>
          <lane id="-2" type="HOV">
            <border sOffset="0" a="-6.5" b="0" c="0" d="0"/>
            <border sOffset="30" a="-6.5" b="-0.05" c="0" d="0"/>
            <access sOffset="0" rule="allow" restriction="bus"/>
            <speed sOffset="0" max="30" unit="mph"/>
          </lane>
          <lane id="-1" type="driving">
            <link><successor id="-1"/></link>
            <border sOffset="0" a="-3" b="0" c="0" d="0"/>
          </lane>
        </right>
      </laneSection>
    </lanes>
    <objects>
      <object type="crosswalk" id="c1" s="30" t="-1" zOffset="0" hdg="0" orientation="none">
        <outline>
          <cornerRoad s="28" t="4" dz="0" height="0"/><cornerRoad s="28" t="-6" dz="0" height="0"/>
          <cornerRoad s="32" t="-6" dz="0" height="0"/><cornerRoad s="32" t="4" dz="0" height="0"/>
        </outline>
      </object>
      <object type="barrier" name="rail" id="b1" s="0" t="8" zOffset="0" height="0.8" width="0.2">
        <repeat s="40" length="60" distance="0" tStart="8" tEnd="9" heightStart="0.8"
          heightEnd="0.8" zOffsetStart="0" zOffsetEnd="0" widthStart="0.2" widthEnd="0.2"/>
      </object>
      <object type="tree" id="t1" s="0" t="12" zOffset="0" radius="1.5" height="6" pitch="0.1">
        <repeat s="10" length="30" distance="10" tStart="12" tEnd="15" heightStart="6"
          heightEnd="9" zOffsetStart="0" zOffsetEnd="0"/>
      </object>
      <object type="roadMark" subtype="stopLine" id="l1" s="35" t="-2" zOffset="0" width="3"
        length="0.5"/>
      <tunnel id="u1" s="100" length="40" type="standard" lighting="0.5"/>
      <bridge id="u2" s="150" length="20" type="concrete"/>
    </objects>
    <signals>
      <signal id="s1" s="35" t="-7" zOffset="3" orientation="+" dynamic="yes" country="OpenDRIVE"
        type="1000001" subtype="-1"><validity fromLane="-2" toLane="-1"/></signal>
      <signal id="s2" s="10" t="-7" zOffset="2" orientation="+" dynamic="no" country="DE"
        type="274" subtype="30"/>
      <signal id="s3" s="10" t="7" zOffset="2" orientation="-" dynamic="no" country="US"
        type="R2-1" subtype="-1" value="25" hOffset="0.1"/>
      <signal id="s4" s="36" t="-7" zOffset="2" orientation="+" type="206"/>
      <signal id="s5" s="36" t="-7" zOffset="2" orientation="+" type="459" name="way"/>
      <signalReference id="s1" s="20" t="0" orientation="+"/>
    </signals>
  </road>
  <road id="2" length="20" junction="9">
    <link>
      <predecessor elementType="road" elementId="1" contactPoint="end"/>
      <successor elementType="road" elementId="3" contactPoint="start"/>
    </link>
    <planView><geometry s="0" x="0" y="0" hdg="0" length="20"><line/></geometry></planView>
    <lanes><laneSection s="0"><center><lane id="0" type="none"/></center>
      <right>
        <lane id="-1" type="driving"><width sOffset="0" a="3" b="0" c="0" d="0"/></lane>
      </right>
    </laneSection></lanes>
  </road>
  <road id="3" length="20" junction="-1" rule="LHT">
    <planView><geometry s="0" x="20" y="0" hdg="0" length="20"><line/></geometry></planView>
    <lanes><laneSection s="0"><center><lane id="0" type="none"/></center>
      <right>
        <lane id="-1" type="driving"><width sOffset="0" a="3" b="0" c="0" d="0"/></lane>
      </right>
    </laneSection></lanes>
  </road>
  <controller id="k" name="ctl" sequence="0"><control signalId="s1" type="0"/></controller>
  <junction id="9" name="cross">
    <connection id="0" incomingRoad="1" connectingRoad="2" contactPoint="start">
      <laneLink from="-1" to="-1"/>
    </connection>
    <priority high="1" low="3"/>
  </junction>
</OpenDRIVE>
"""
