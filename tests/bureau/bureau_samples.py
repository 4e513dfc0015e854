"""Data files as text, written by hand from the interface's description."""

from __future__ import annotations

UPLOAD_XZBA = """<?xml version="1.0" encoding="GBK"?>
<UploadData version="V.3.0">
  <ICP>
    <XZBA>
      <Baxx>
        <Zt_xx>
          <IspZtid>41001</IspZtid><Dwmc>闽江示范网络有限公司</Dwmc><Dwxz>4</Dwxz><Tzr>闽江示范网络有限公司</Tzr>
          <Txdz><Shengid>350000</Shengid><Shiid>350100</Shiid><Xianid>350102</Xianid><Xxdz>示范大道8号</Xxdz></Txdz>
          <Zj><Zjlx>1</Zjlx><Zjhm>91350100M000100Y43</Zjhm><Zjzs>示范大道8号</Zjzs></Zj>
          <Fzr><Fzr_xm>林一</Fzr_xm><Fzr_dhhm>0591-00000000</Fzr_dhhm><Fzr_sjhm>13800000000</Fzr_sjhm>
            <Fzr_dzyj>lin@example.com</Fzr_dzyj><Fzr_zjlx>2</Fzr_zjlx><Fzr_zjhm>11010519491231002X</Fzr_zjhm></Fzr>
          <Bbfs>0</Bbfs>
        </Zt_xx>
        <Wz_xx>
          <IspWzid>42001</IspWzid><Wzmc>示范茶馆</Wzmc>
          <Fwnr><Fwnr_id>8</Fwnr_id><Fwnr_id>9</Fwnr_id></Fwnr>
          <Yylb><Yylb_id>1</Yylb_id></Yylb>
          <Ym_xx><IspYmid>43001</IspYmid><Ym>teahouse.example</Ym></Ym_xx>
          <Jr_xx>
            <IspJrid>44001</IspJrid><Wzfb><Fbdd>13</Fbdd></Wzfb><Wzjrfs><Jrfs>3</Jrfs></Wzjrfs>
            <Ip_xx><Zzip>3221225990</Zzip><IspIpid>45001</IspIpid><Qsip>3221225985</Qsip></Ip_xx>
          </Jr_xx>
          <Wz_Fzr><Fzr_sjhm>13800000000</Fzr_sjhm><Fzr_xm>林一</Fzr_xm><Fzr_dzyj>lin@example.com</Fzr_dzyj></Wz_Fzr>
          <Syurl>www.teahouse.example</Syurl>
        </Wz_xx>
        <Fj><Fjxx><Fjwjgs>1</Fjwjgs><Fjyt>1</Fjyt><Fjnr>AAAA</Fjnr>
          <Fjssdx><Ssdxlx>2</Ssdxlx><Ssdxbs>42001</Ssdxbs></Fjssdx></Fjxx></Fj>
        <Fj><Fjxx><Fjwjgs>1</Fjwjgs><Fjyt>3</Fjyt><Fjnr>BBBB</Fjnr>
          <Fjssdx><Ssdxlx>1</Ssdxlx><Ssdxbs>41001</Ssdxbs></Fjssdx></Fjxx></Fj>
      </Baxx>
    </XZBA>
    <Qqdwid>350000000001</Qqdwid>
  </ICP>
</UploadData>"""

UPLOAD_ZXBA = """<?xml version="1.0" encoding="GBK"?>
<UploadData version="V.3.0"><ICP><ZXBA>
  <Zx_xx><Zxlb>2</Zxlb><Jlid>880001</Jlid><Zxly>1</Zxly><Zxlybz>主办者已换接入商</Zxlybz></Zx_xx>
</ZXBA><Qqdwid>350000000001</Qqdwid></ICP></UploadData>"""

DOWNLOAD_BAJG = """<?xml version="1.0" encoding="GBK"?>
<DownloadData version="V.3.0"><ICP><BAJG>
  <Jg_xx><Jgxx><Jgdm>1005</Jgdm><Dmms>域名冲突，请核对</Dmms></Jgxx><Jgxx><Jgdm>1011</Jgdm></Jgxx>
    <Czlx>1</Czlx><Bs>41001</Bs></Jg_xx>
  <Jg_xx><Jgxx><Jgdm>1060</Jgdm></Jgxx><Czlx>35</Czlx><Bs>闽ICP备00000001号-1</Bs></Jg_xx>
  <GJSHS><Gjsh><Shrxm>郑二</Shrxm><Shsj>2030-01-02 09:30:00</Shsj><Shyj>同意</Shyj><Shjg>1</Shjg><Czlx>1</Czlx>
    <Jlid>41002</Jlid></Gjsh></GJSHS>
</BAJG></ICP></DownloadData>"""
