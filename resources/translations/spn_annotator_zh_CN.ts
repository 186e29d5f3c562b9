<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
  <context>
    <name>spn_annotator</name>
    <message>
      <source>&amp;100 %</source>
      <translation>100 %(&amp;1)</translation>
    </message>
    <message>
      <source>&amp;About SPN Annotator</source>
      <translation>关于 SPN Annotator(&amp;A)</translation>
    </message>
    <message>
      <source>&amp;Accept</source>
      <translation>接受(&amp;A)</translation>
    </message>
    <message>
      <source>&amp;Add label</source>
      <translation>添加标签(&amp;A)</translation>
    </message>
    <message>
      <source>&amp;Affinity of a pixel</source>
      <translation>像素的亲和度(&amp;A)</translation>
    </message>
    <message>
      <source>&amp;Back to the last decision</source>
      <translation>回到上一个决定(&amp;B)</translation>
    </message>
    <message>
      <source>&amp;Brightness and contrast…</source>
      <translation>亮度和对比度(&amp;B)…</translation>
    </message>
    <message>
      <source>&amp;Brush</source>
      <translation>画笔(&amp;B)</translation>
    </message>
    <message>
      <source>&amp;Change keys…</source>
      <translation>更改快捷键(&amp;C)…</translation>
    </message>
    <message>
      <source>&amp;Comments</source>
      <translation>评论(&amp;C)</translation>
    </message>
    <message>
      <source>&amp;Dark</source>
      <translation>深色(&amp;D)</translation>
    </message>
    <message>
      <source>&amp;Drop</source>
      <translation>放弃(&amp;D)</translation>
    </message>
    <message>
      <source>&amp;Edit</source>
      <translation>编辑(&amp;E)</translation>
    </message>
    <message>
      <source>&amp;Eraser</source>
      <translation>橡皮擦(&amp;E)</translation>
    </message>
    <message>
      <source>&amp;Everything</source>
      <translation>全部(&amp;E)</translation>
    </message>
    <message>
      <source>&amp;Export labels…</source>
      <translation>导出标签(&amp;E)…</translation>
    </message>
    <message>
      <source>&amp;Export…</source>
      <translation>导出(&amp;E)…</translation>
    </message>
    <message>
      <source>&amp;File</source>
      <translation>文件(&amp;F)</translation>
    </message>
    <message>
      <source>&amp;Fill holes</source>
      <translation>填充孔洞(&amp;F)</translation>
    </message>
    <message>
      <source>&amp;Find a command…</source>
      <translation>查找命令(&amp;F)…</translation>
    </message>
    <message>
      <source>&amp;Find images</source>
      <translation>查找图像(&amp;F)</translation>
    </message>
    <message>
      <source>&amp;Fit to window</source>
      <translation>适合窗口(&amp;F)</translation>
    </message>
    <message>
      <source>&amp;Give it the picked label</source>
      <translation>赋予所选标签(&amp;G)</translation>
    </message>
    <message>
      <source>&amp;Guide</source>
      <translation>手册(&amp;G)</translation>
    </message>
    <message>
      <source>&amp;Help</source>
      <translation>帮助(&amp;H)</translation>
    </message>
    <message>
      <source>&amp;Image</source>
      <translation>图像(&amp;I)</translation>
    </message>
    <message>
      <source>&amp;Import labels…</source>
      <translation>导入标签(&amp;I)…</translation>
    </message>
    <message>
      <source>&amp;Keys</source>
      <translation>快捷键(&amp;K)</translation>
    </message>
    <message>
      <source>&amp;Labels</source>
      <translation>标签(&amp;L)</translation>
    </message>
    <message>
      <source>&amp;Light</source>
      <translation>浅色(&amp;L)</translation>
    </message>
    <message>
      <source>&amp;Live</source>
      <translation>实时(&amp;L)</translation>
    </message>
    <message>
      <source>&amp;Locked</source>
      <translation>锁定(&amp;L)</translation>
    </message>
    <message>
      <source>&amp;Mark image as accepted</source>
      <translation>将图像标为已接受(&amp;M)</translation>
    </message>
    <message>
      <source>&amp;Merge</source>
      <translation>合并(&amp;M)</translation>
    </message>
    <message>
      <source>&amp;Minimap</source>
      <translation>缩略导航图(&amp;M)</translation>
    </message>
    <message>
      <source>&amp;Next image</source>
      <translation>下一张图像(&amp;N)</translation>
    </message>
    <message>
      <source>&amp;Objects</source>
      <translation>对象(&amp;O)</translation>
    </message>
    <message>
      <source>&amp;Pan</source>
      <translation>平移(&amp;P)</translation>
    </message>
    <message>
      <source>&amp;Panels</source>
      <translation>面板(&amp;P)</translation>
    </message>
    <message>
      <source>&amp;Previous image</source>
      <translation>上一张图像(&amp;P)</translation>
    </message>
    <message>
      <source>&amp;Quit</source>
      <translation>退出(&amp;Q)</translation>
    </message>
    <message>
      <source>&amp;Redo</source>
      <translation>重做(&amp;R)</translation>
    </message>
    <message>
      <source>&amp;Refine</source>
      <translation>细化(&amp;R)</translation>
    </message>
    <message>
      <source>&amp;Rename label</source>
      <translation>重命名标签(&amp;R)</translation>
    </message>
    <message>
      <source>&amp;Review proposals</source>
      <translation>审阅提议(&amp;R)</translation>
    </message>
    <message>
      <source>&amp;Save now</source>
      <translation>立即保存(&amp;S)</translation>
    </message>
    <message>
      <source>&amp;Split into parts</source>
      <translation>拆分为部分(&amp;S)</translation>
    </message>
    <message>
      <source>&amp;Sure strokes</source>
      <translation>确定笔画(&amp;S)</translation>
    </message>
    <message>
      <source>&amp;System colours</source>
      <translation>系统配色(&amp;S)</translation>
    </message>
    <message>
      <source>&amp;Tools</source>
      <translation>工具(&amp;T)</translation>
    </message>
    <message>
      <source>&amp;Undo</source>
      <translation>撤销(&amp;U)</translation>
    </message>
    <message>
      <source>&amp;View</source>
      <translation>视图(&amp;V)</translation>
    </message>
    <message>
      <source>&amp;Visible</source>
      <translation>可见(&amp;V)</translation>
    </message>
    <message>
      <source>&amp;Wand</source>
      <translation>魔棒(&amp;W)</translation>
    </message>
    <message>
      <source>&amp;Zoom to object</source>
      <translation>缩放到对象(&amp;Z)</translation>
    </message>
    <message>
      <source>, locked</source>
      <translation>，已锁定</translation>
    </message>
    <message>
      <source>, not possible now</source>
      <translation>，现在不可用</translation>
    </message>
    <message>
      <source>1/10,000 of the strongest</source>
      <translation>最强值的 1/10,000</translation>
    </message>
    <message>
      <source>16-bit PNG</source>
      <translation>16 位 PNG</translation>
    </message>
    <message>
      <source>16-bit TIFF</source>
      <translation>16 位 TIFF</translation>
    </message>
    <message>
      <source>A pen that presses less paints with a smaller brush</source>
      <translation>笔压越轻，画笔越小</translation>
    </message>
    <message>
      <source>A&amp;ccept a part</source>
      <translation>接受一部分(&amp;C)</translation>
    </message>
    <message>
      <source>About SPN Annotator</source>
      <translation>关于 SPN Annotator</translation>
    </message>
    <message>
      <source>Above 1 the shadows become lighter</source>
      <translation>大于 1 时阴影变亮</translation>
    </message>
    <message>
      <source>Accept a part of the proposal</source>
      <translation>接受提议的一部分</translation>
    </message>
    <message>
      <source>Accept proposal</source>
      <translation>接受提议</translation>
    </message>
    <message>
      <source>Accepted</source>
      <translation>已接受</translation>
    </message>
    <message>
      <source>Accepted a part; the rest is still proposed</source>
      <translation>已接受一部分；其余仍为提议</translation>
    </message>
    <message>
      <source>Accepted images</source>
      <translation>已接受的图像</translation>
    </message>
    <message>
      <source>Action</source>
      <translation>操作</translation>
    </message>
    <message>
      <source>Actions and their keys</source>
      <translation>操作及其快捷键</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>添加</translation>
    </message>
    <message>
      <source>Add a label</source>
      <translation>添加一个标签</translation>
    </message>
    <message>
      <source>Add label {what}</source>
      <translation>添加标签 {what}</translation>
    </message>
    <message>
      <source>Add the comment (Enter)</source>
      <translation>添加评论 (Enter)</translation>
    </message>
    <message>
      <source>Add the labels of a list, a COCO file or a CVAT task</source>
      <translation>添加列表、COCO 文件或 CVAT 任务中的标签</translation>
    </message>
    <message>
      <source>Add {what}</source>
      <translation>添加 {what}</translation>
    </message>
    <message>
      <source>Affinity of pixel {x}, {y}</source>
      <translation>像素 {x}, {y} 的亲和度</translation>
    </message>
    <message>
      <source>Affinity: move the mouse over the image</source>
      <translation>亲和度：在图像上移动鼠标</translation>
    </message>
    <message>
      <source>All images</source>
      <translation>所有图像</translation>
    </message>
    <message>
      <source>All images are there, and none has changed.</source>
      <translation>所有图像都在，且均未更改。</translation>
    </message>
    <message>
      <source>All labels</source>
      <translation>所有标签</translation>
    </message>
    <message>
      <source>All labels of {name} are there already</source>
      <translation>{name} 中的标签都已存在</translation>
    </message>
    <message>
      <source>All proposals are reviewed</source>
      <translation>所有提议均已审阅</translation>
    </message>
    <message>
      <source>All that are annotated</source>
      <translation>所有已标注的</translation>
    </message>
    <message>
      <source>Annotated and not accepted</source>
      <translation>已标注但未接受</translation>
    </message>
    <message>
      <source>Annotated, not accepted, without a proposal</source>
      <translation>已标注、未接受、无提议</translation>
    </message>
    <message>
      <source>As before</source>
      <translation>恢复原样</translation>
    </message>
    <message>
      <source>As many as fit</source>
      <translation>尽可能多</translation>
    </message>
    <message>
      <source>At the beginning</source>
      <translation>初始状态</translation>
    </message>
    <message>
      <source>Automatic</source>
      <translation>自动</translation>
    </message>
    <message>
      <source>B&amp;igger brush</source>
      <translation>放大画笔(&amp;I)</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>后退</translation>
    </message>
    <message>
      <source>Backspace</source>
      <translation>退格键</translation>
    </message>
    <message>
      <source>Band</source>
      <translation>带宽</translation>
    </message>
    <message>
      <source>Be led through painting, refining, accepting and exporting on the sample project</source>
      <translation>在示例项目上逐步了解绘制、精修、接受和导出</translation>
    </message>
    <message>
      <source>Binary PNG</source>
      <translation>二值 PNG</translation>
    </message>
    <message>
      <source>Brightness</source>
      <translation>亮度</translation>
    </message>
    <message>
      <source>Browse…</source>
      <translation>浏览…</translation>
    </message>
    <message>
      <source>Brush</source>
      <translation>画笔</translation>
    </message>
    <message>
      <source>Brush size</source>
      <translation>画笔大小</translation>
    </message>
    <message>
      <source>Brush size ([ and ], Shift + wheel)</source>
      <translation>画笔大小（[ 和 ]，Shift + 滚轮）</translation>
    </message>
    <message>
      <source>Brush size in pixels</source>
      <translation>画笔大小（像素）</translation>
    </message>
    <message>
      <source>By name</source>
      <translation>按名称</translation>
    </message>
    <message>
      <source>By name, backwards</source>
      <translation>按名称倒序</translation>
    </message>
    <message>
      <source>By status</source>
      <translation>按状态</translation>
    </message>
    <message>
      <source>COCO categories (*.json)</source>
      <translation>COCO 类别 (*.json)</translation>
    </message>
    <message>
      <source>COCO instances</source>
      <translation>COCO 实例</translation>
    </message>
    <message>
      <source>COCO instances, polygons</source>
      <translation>COCO 实例（多边形）</translation>
    </message>
    <message>
      <source>COCO panoptic</source>
      <translation>COCO 全景</translation>
    </message>
    <message>
      <source>CVAT segmentation mask 1.1</source>
      <translation>CVAT 分割掩码 1.1</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>取消</translation>
    </message>
    <message>
      <source>Canvas</source>
      <translation>画布</translation>
    </message>
    <message>
      <source>Change &amp;colour…</source>
      <translation>更改颜色(&amp;C)…</translation>
    </message>
    <message>
      <source>Change &amp;key…</source>
      <translation>更改按键(&amp;K)…</translation>
    </message>
    <message>
      <source>Change key</source>
      <translation>更改按键</translation>
    </message>
    <message>
      <source>Change keys</source>
      <translation>更改快捷键</translation>
    </message>
    <message>
      <source>Change keys…</source>
      <translation>更改快捷键…</translation>
    </message>
    <message>
      <source>Change label {what}</source>
      <translation>更改标签 {what}</translation>
    </message>
    <message>
      <source>Change the colour</source>
      <translation>更改颜色</translation>
    </message>
    <message>
      <source>Change {what}</source>
      <translation>更改 {what}</translation>
    </message>
    <message>
      <source>Choose an action, click the field and press the new key.</source>
      <translation>选择一个操作，单击输入框并按下新键。</translation>
    </message>
    <message>
      <source>Choose another colour for the selected label</source>
      <translation>为所选标签选择另一种颜色</translation>
    </message>
    <message>
      <source>Choose the digit that picks the selected label</source>
      <translation>选择用于选取所选标签的数字键</translation>
    </message>
    <message>
      <source>Cityscapes</source>
      <translation>Cityscapes</translation>
    </message>
    <message>
      <source>Clear strokes</source>
      <translation>清除笔画</translation>
    </message>
    <message>
      <source>Click an area of one colour</source>
      <translation>单击同色区域</translation>
    </message>
    <message>
      <source>Click an area of one colour in view · more tolerance takes more · Alt erases</source>
      <translation>单击视图中的同色区域 · 容差越大选得越多 · Alt 擦除</translation>
    </message>
    <message>
      <source>Click an object to go on painting it with its label</source>
      <translation>单击对象，用其标签继续绘制</translation>
    </message>
    <message>
      <source>Click corners · Return, a double click or the first corner closes · Backspace takes a corner back · Alt at the first erases</source>
      <translation>单击各角 · 回车、双击或第一个角闭合 · 退格撤回一角 · 首角按 Alt 擦除</translation>
    </message>
    <message>
      <source>Click inside the image</source>
      <translation>请在图像内单击</translation>
    </message>
    <message>
      <source>Click the corners of an outline</source>
      <translation>单击轮廓的各角</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>关闭</translation>
    </message>
    <message>
      <source>Close a polygon</source>
      <translation>闭合多边形</translation>
    </message>
    <message>
      <source>Close the message</source>
      <translation>关闭消息</translation>
    </message>
    <message>
      <source>Close this message</source>
      <translation>关闭此消息</translation>
    </message>
    <message>
      <source>Close without saving</source>
      <translation>不保存并关闭</translation>
    </message>
    <message>
      <source>Colour of {name}</source>
      <translation>{name} 的颜色</translation>
    </message>
    <message>
      <source>Command to find</source>
      <translation>要查找的命令</translation>
    </message>
    <message>
      <source>Commands</source>
      <translation>命令</translation>
    </message>
    <message>
      <source>Comment</source>
      <translation>评论</translation>
    </message>
    <message>
      <source>Comments</source>
      <translation>评论</translation>
    </message>
    <message>
      <source>Compare &amp;side by side</source>
      <translation>并排比较(&amp;S)</translation>
    </message>
    <message>
      <source>Computing the affinity</source>
      <translation>计算亲和度</translation>
    </message>
    <message>
      <source>Connected</source>
      <translation>连通</translation>
    </message>
    <message>
      <source>Contents</source>
      <translation>目录</translation>
    </message>
    <message>
      <source>Contrast</source>
      <translation>对比度</translation>
    </message>
    <message>
      <source>Copy</source>
      <translation>复制</translation>
    </message>
    <message>
      <source>Copy the message with its details</source>
      <translation>复制消息及其详情</translation>
    </message>
    <message>
      <source>Ctrl + wheel</source>
      <translation>Ctrl + 滚轮</translation>
    </message>
    <message>
      <source>Cutting superpixels</source>
      <translation>生成超像素</translation>
    </message>
    <message>
      <source>D goes on to the next image.</source>
      <translation>按 D 转到下一张图像。</translation>
    </message>
    <message>
      <source>Dark colours</source>
      <translation>深色配色</translation>
    </message>
    <message>
      <source>Decide later</source>
      <translation>稍后决定</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>详情</translation>
    </message>
    <message>
      <source>Details of the error</source>
      <translation>错误详情</translation>
    </message>
    <message>
      <source>Deutsch</source>
      <translation>Deutsch</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>设备</translation>
    </message>
    <message>
      <source>Diameter of the brush in pixels of the image</source>
      <translation>画笔直径（图像像素）</translation>
    </message>
    <message>
      <source>Display</source>
      <translation>显示</translation>
    </message>
    <message>
      <source>Divide the image into before and after; drag the line between them</source>
      <translation>将图像分为前后两部分；拖动中间的线</translation>
    </message>
    <message>
      <source>Do the step again that was taken back</source>
      <translation>重做已撤销的步骤</translation>
    </message>
    <message>
      <source>Double click</source>
      <translation>双击</translation>
    </message>
    <message>
      <source>Drag a box</source>
      <translation>拖出方框</translation>
    </message>
    <message>
      <source>Drag a box and refine what is painted in it</source>
      <translation>拖出方框并细化其中的绘制</translation>
    </message>
    <message>
      <source>Drag a box around what to refine</source>
      <translation>在要细化的内容周围拖出方框</translation>
    </message>
    <message>
      <source>Drag a box; it is filled when you let go · Shift: a square · Alt erases</source>
      <translation>拖出方框；松开时填充 · Shift：正方形 · Alt 擦除</translation>
    </message>
    <message>
      <source>Drag a box; what is painted in it is refined when you let go</source>
      <translation>拖出方框；松开时细化其中的绘制</translation>
    </message>
    <message>
      <source>Drag a square with the rectangle</source>
      <translation>用矩形工具拖出正方形</translation>
    </message>
    <message>
      <source>Drag around the part of the proposal to accept; the rest stays proposed</source>
      <translation>圈出要接受的部分；其余仍为提议</translation>
    </message>
    <message>
      <source>Drag around what to refine; nothing outside of the line changes</source>
      <translation>按住拖动圈出要细化的内容；线外保持不变</translation>
    </message>
    <message>
      <source>Drag around what you mean; its inside is painted when you let go · Alt erases</source>
      <translation>圈出目标；松开时绘制内部 · Alt 擦除</translation>
    </message>
    <message>
      <source>Drag over superpixels to paint them whole; zoom in for finer ones · Alt erases</source>
      <translation>拖过超像素以整块绘制；放大可得更细 · Alt 擦除</translation>
    </message>
    <message>
      <source>Drag over what surely belongs to no label · refinement keeps it empty</source>
      <translation>拖过确定不属于任何标签的区域 · 细化时保持为空</translation>
    </message>
    <message>
      <source>Drag over what surely belongs to the label; refinement keeps it · Alt: surely nothing</source>
      <translation>拖过确定属于该标签的区域；细化时保留 · Alt：确定为空</translation>
    </message>
    <message>
      <source>Drag the image; with any tool, hold Space or drag with the middle button</source>
      <translation>拖动图像；任何工具下可按住空格或用中键拖动</translation>
    </message>
    <message>
      <source>Drag to erase labels and strokes · Shift + wheel changes the size</source>
      <translation>拖动擦除标签和笔画 · Shift + 滚轮改变大小</translation>
    </message>
    <message>
      <source>Drag to move the image · Ctrl + wheel zooms at the cursor</source>
      <translation>拖动移动图像 · Ctrl + 滚轮在光标处缩放</translation>
    </message>
    <message>
      <source>Drag to paint · Alt erases · Shift + wheel changes the size · Esc takes the stroke back</source>
      <translation>拖动绘制 · Alt 擦除 · Shift + 滚轮改变大小 · Esc 取消笔画</translation>
    </message>
    <message>
      <source>Draw an outline by hand</source>
      <translation>手绘轮廓</translation>
    </message>
    <message>
      <source>Draw around the part of the proposal to accept</source>
      <translation>圈出要接受的提议部分</translation>
    </message>
    <message>
      <source>Draw around what to refine; nothing outside of the line changes</source>
      <translation>圈出要细化的内容；线外保持不变</translation>
    </message>
    <message>
      <source>Drop proposal</source>
      <translation>放弃提议</translation>
    </message>
    <message>
      <source>Drop the proposal and mark the image as rejected</source>
      <translation>放弃提议并将图像标为已拒绝</translation>
    </message>
    <message>
      <source>Drop the proposal, or the stroke or refinement under way; strokes stay</source>
      <translation>放弃提议、正在进行的笔画或细化；笔画保留</translation>
    </message>
    <message>
      <source>Dropped; the strokes are still there</source>
      <translation>已放弃；笔画仍在</translation>
    </message>
    <message>
      <source>Editing</source>
      <translation>编辑</translation>
    </message>
    <message>
      <source>End</source>
      <translation>结束</translation>
    </message>
    <message>
      <source>End the first steps; the menu Help shows them again</source>
      <translation>结束入门引导；可从“帮助”菜单再次打开</translation>
    </message>
    <message>
      <source>English</source>
      <translation>English</translation>
    </message>
    <message>
      <source>Erase</source>
      <translation>擦除</translation>
    </message>
    <message>
      <source>Erase labels and strokes</source>
      <translation>擦除标签和笔画</translation>
    </message>
    <message>
      <source>Erase with the brush and with every outline</source>
      <translation>用画笔和各种轮廓擦除</translation>
    </message>
    <message>
      <source>Error</source>
      <translation>错误</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>导出</translation>
    </message>
    <message>
      <source>Export labels</source>
      <translation>导出标签</translation>
    </message>
    <message>
      <source>Export to</source>
      <translation>导出到</translation>
    </message>
    <message>
      <source>Exporting</source>
      <translation>导出</translation>
    </message>
    <message>
      <source>Fi&amp;nd missing images…</source>
      <translation>查找缺失的图像(&amp;N)…</translation>
    </message>
    <message>
      <source>File</source>
      <translation>文件</translation>
    </message>
    <message>
      <source>File found</source>
      <translation>找到的文件</translation>
    </message>
    <message>
      <source>File of the selected image</source>
      <translation>所选图像的文件</translation>
    </message>
    <message>
      <source>File or folder to import</source>
      <translation>要导入的文件或文件夹</translation>
    </message>
    <message>
      <source>File or folder with annotations</source>
      <translation>含标注的文件或文件夹</translation>
    </message>
    <message>
      <source>Files were found for {n} image.</source>
      <translation>为 {n} 张图像找到了文件。</translation>
    </message>
    <message>
      <source>Files were found for {n} images.</source>
      <translation>为 {n} 张图像找到了文件。</translation>
    </message>
    <message>
      <source>File…</source>
      <translation>文件…</translation>
    </message>
    <message>
      <source>Fill holes of {what}</source>
      <translation>填充 {what} 的孔洞</translation>
    </message>
    <message>
      <source>Fill what the chosen objects enclose, but for other objects</source>
      <translation>填充所选对象包围的区域，其他对象除外</translation>
    </message>
    <message>
      <source>Fill {what}</source>
      <translation>填充 {what}</translation>
    </message>
    <message>
      <source>Fill, outline or &amp;hidden</source>
      <translation>填充、轮廓或隐藏(&amp;H)</translation>
    </message>
    <message>
      <source>Filled</source>
      <translation>填充</translation>
    </message>
    <message>
      <source>Filling</source>
      <translation>填充</translation>
    </message>
    <message>
      <source>Filter the images by name</source>
      <translation>按名称筛选图像</translation>
    </message>
    <message>
      <source>Filtering the images</source>
      <translation>筛选图像</translation>
    </message>
    <message>
      <source>Find a command</source>
      <translation>查找命令</translation>
    </message>
    <message>
      <source>Find an action or a key</source>
      <translation>查找操作或快捷键</translation>
    </message>
    <message>
      <source>Find by name</source>
      <translation>按名称查找</translation>
    </message>
    <message>
      <source>Find images by name</source>
      <translation>按名称查找图像</translation>
    </message>
    <message>
      <source>Find in the guide</source>
      <translation>在手册中查找</translation>
    </message>
    <message>
      <source>Find missing images</source>
      <translation>查找缺失的图像</translation>
    </message>
    <message>
      <source>Find the file…</source>
      <translation>查找文件…</translation>
    </message>
    <message>
      <source>Finishing what is being refined…</source>
      <translation>正在完成进行中的细化…</translation>
    </message>
    <message>
      <source>First &amp;steps</source>
      <translation>入门引导(&amp;S)</translation>
    </message>
    <message>
      <source>First steps</source>
      <translation>入门引导</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>文件夹</translation>
    </message>
    <message>
      <source>Folder to export to</source>
      <translation>导出文件夹</translation>
    </message>
    <message>
      <source>Folder to search</source>
      <translation>要搜索的文件夹</translation>
    </message>
    <message>
      <source>Folder…</source>
      <translation>文件夹…</translation>
    </message>
    <message>
      <source>Follow the system's light or dark scheme</source>
      <translation>跟随系统的浅色或深色方案</translation>
    </message>
    <message>
      <source>For a few lines instead of rough areas: what has no stroke is left to the model</source>
      <translation>用于少量线条而非粗略区域：没有笔画处交给模型</translation>
    </message>
    <message>
      <source>For display only; the image stays as it is</source>
      <translation>仅用于显示；图像保持不变</translation>
    </message>
    <message>
      <source>Format</source>
      <translation>格式</translation>
    </message>
    <message>
      <source>Formats</source>
      <translation>格式</translation>
    </message>
    <message>
      <source>Gamma</source>
      <translation>伽马</translation>
    </message>
    <message>
      <source>Give actions other keys</source>
      <translation>为操作设置其他快捷键</translation>
    </message>
    <message>
      <source>Give the action the keys that it came with</source>
      <translation>恢复该操作的默认快捷键</translation>
    </message>
    <message>
      <source>Give the action this key besides the ones it has</source>
      <translation>在现有快捷键之外添加此键</translation>
    </message>
    <message>
      <source>Give the chosen object a name of its own</source>
      <translation>为所选对象命名</translation>
    </message>
    <message>
      <source>Give the key to this action and take it from the other</source>
      <translation>将此键给该操作并从另一个操作移除</translation>
    </message>
    <message>
      <source>Go back to the label used before this one</source>
      <translation>回到之前使用的标签</translation>
    </message>
    <message>
      <source>Go on with the annotations in the files shown</source>
      <translation>在所示文件中继续标注</translation>
    </message>
    <message>
      <source>Go on with the label and object that is clicked</source>
      <translation>继续使用所单击的标签和对象</translation>
    </message>
    <message>
      <source>Go on without doing this one</source>
      <translation>跳过这一步继续</translation>
    </message>
    <message>
      <source>Go through stored proposals, the least certain first, to accept or reject them</source>
      <translation>浏览已存储的提议，从最不确定的开始，接受或拒绝</translation>
    </message>
    <message>
      <source>Go to the image after this one</source>
      <translation>转到后一张图像</translation>
    </message>
    <message>
      <source>Go to the image before this one</source>
      <translation>转到前一张图像</translation>
    </message>
    <message>
      <source>Go to the next image that nobody has worked on</source>
      <translation>转到下一张尚未处理的图像</translation>
    </message>
    <message>
      <source>Going on with {name}</source>
      <translation>继续 {name}</translation>
    </message>
    <message>
      <source>Guide</source>
      <translation>手册</translation>
    </message>
    <message>
      <source>Header</source>
      <translation>标题栏</translation>
    </message>
    <message>
      <source>Help</source>
      <translation>帮助</translation>
    </message>
    <message>
      <source>Hidden</source>
      <translation>隐藏</translation>
    </message>
    <message>
      <source>Hide</source>
      <translation>隐藏</translation>
    </message>
    <message>
      <source>Histor&amp;y</source>
      <translation>历史(&amp;Y)</translation>
    </message>
    <message>
      <source>History</source>
      <translation>历史</translation>
    </message>
    <message>
      <source>Hold Alt</source>
      <translation>按住 Alt</translation>
    </message>
    <message>
      <source>Hold Shift</source>
      <translation>按住 Shift</translation>
    </message>
    <message>
      <source>Hold the key left of 1</source>
      <translation>按住 1 左边的键</translation>
    </message>
    <message>
      <source>How far from a painted border pixels may move</source>
      <translation>像素可偏离所绘边界多远</translation>
    </message>
    <message>
      <source>How it works and how it is shown</source>
      <translation>工作方式与显示方式</translation>
    </message>
    <message>
      <source>How much a colour may differ from the pixel clicked</source>
      <translation>颜色与所单击像素可相差多少</translation>
    </message>
    <message>
      <source>How much of the model's result is taken; less moves only what it is sure of</source>
      <translation>采用多少模型结果；越小则只移动有把握的部分</translation>
    </message>
    <message>
      <source>How to re&amp;fine…</source>
      <translation>细化方式(&amp;F)…</translation>
    </message>
    <message>
      <source>Hugging Face imagefolder</source>
      <translation>Hugging Face imagefolder</translation>
    </message>
    <message>
      <source>I&amp;mport annotations…</source>
      <translation>导入标注(&amp;M)…</translation>
    </message>
    <message>
      <source>Image</source>
      <translation>图像</translation>
    </message>
    <message>
      <source>Images</source>
      <translation>图像</translation>
    </message>
    <message>
      <source>Images ({patterns})</source>
      <translation>图像 ({patterns})</translation>
    </message>
    <message>
      <source>Images accepted</source>
      <translation>已接受的图像</translation>
    </message>
    <message>
      <source>Images and the files found for them</source>
      <translation>图像及为其找到的文件</translation>
    </message>
    <message>
      <source>Images that were worked on</source>
      <translation>已处理的图像</translation>
    </message>
    <message>
      <source>Import</source>
      <translation>导入</translation>
    </message>
    <message>
      <source>Import annotations</source>
      <translation>导入标注</translation>
    </message>
    <message>
      <source>Import from</source>
      <translation>导入自</translation>
    </message>
    <message>
      <source>Import labels</source>
      <translation>导入标签</translation>
    </message>
    <message>
      <source>Import mask</source>
      <translation>导入掩码</translation>
    </message>
    <message>
      <source>Imported: {images}, {objects}</source>
      <translation>已导入：{images}，{objects}</translation>
    </message>
    <message>
      <source>Importing</source>
      <translation>导入</translation>
    </message>
    <message>
      <source>In a review, go back to the last image and take the decision back</source>
      <translation>审阅时回到上一张图像并撤回决定</translation>
    </message>
    <message>
      <source>Indexed PNG</source>
      <translation>索引 PNG</translation>
    </message>
    <message>
      <source>Its annotations are kept and wait until the file is found.</source>
      <translation>其标注会保留，直到找到该文件。</translation>
    </message>
    <message>
      <source>Keep what is painted with the selected label from changing</source>
      <translation>防止所选标签的绘制被更改</translation>
    </message>
    <message>
      <source>Key of {name}:</source>
      <translation>{name} 的按键：</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>快捷键</translation>
    </message>
    <message>
      <source>L&amp;asso</source>
      <translation>套索(&amp;A)</translation>
    </message>
    <message>
      <source>Label &amp;0</source>
      <translation>标签 0(&amp;0)</translation>
    </message>
    <message>
      <source>Label &amp;1</source>
      <translation>标签 1(&amp;1)</translation>
    </message>
    <message>
      <source>Label &amp;2</source>
      <translation>标签 2(&amp;2)</translation>
    </message>
    <message>
      <source>Label &amp;3</source>
      <translation>标签 3(&amp;3)</translation>
    </message>
    <message>
      <source>Label &amp;4</source>
      <translation>标签 4(&amp;4)</translation>
    </message>
    <message>
      <source>Label &amp;5</source>
      <translation>标签 5(&amp;5)</translation>
    </message>
    <message>
      <source>Label &amp;6</source>
      <translation>标签 6(&amp;6)</translation>
    </message>
    <message>
      <source>Label &amp;7</source>
      <translation>标签 7(&amp;7)</translation>
    </message>
    <message>
      <source>Label &amp;8</source>
      <translation>标签 8(&amp;8)</translation>
    </message>
    <message>
      <source>Label &amp;9</source>
      <translation>标签 9(&amp;9)</translation>
    </message>
    <message>
      <source>Label that images must have</source>
      <translation>图像必须含有的标签</translation>
    </message>
    <message>
      <source>Label under the mouse</source>
      <translation>鼠标下的标签</translation>
    </message>
    <message>
      <source>Labels</source>
      <translation>标签</translation>
    </message>
    <message>
      <source>Labels are drawn: {how}</source>
      <translation>标签绘制方式：{how}</translation>
    </message>
    <message>
      <source>Labels for CVAT (*.json)</source>
      <translation>供 CVAT 的标签 (*.json)</translation>
    </message>
    <message>
      <source>Labels that come first where objects overlap</source>
      <translation>对象重叠时优先的标签</translation>
    </message>
    <message>
      <source>Labels written to {name}</source>
      <translation>标签已写入 {name}</translation>
    </message>
    <message>
      <source>Language of the system</source>
      <translation>系统语言</translation>
    </message>
    <message>
      <source>Largest first</source>
      <translation>从大到小</translation>
    </message>
    <message>
      <source>Last refinement</source>
      <translation>上次细化</translation>
    </message>
    <message>
      <source>Least certain first</source>
      <translation>最不确定的在前</translation>
    </message>
    <message>
      <source>Left out: {name}: {reason}</source>
      <translation>已略过：{name}：{reason}</translation>
    </message>
    <message>
      <source>Legend of the affinity view</source>
      <translation>亲和度视图图例</translation>
    </message>
    <message>
      <source>Let the model move the painted borders to the edges in the image</source>
      <translation>让模型把所绘边界移到图像边缘</translation>
    </message>
    <message>
      <source>Let the next stroke begin another object of the label</source>
      <translation>下一笔开始该标签的另一个对象</translation>
    </message>
    <message>
      <source>Light colours</source>
      <translation>浅色配色</translation>
    </message>
    <message>
      <source>Link {n} image</source>
      <translation>链接 {n} 张图像</translation>
    </message>
    <message>
      <source>Link {n} images</source>
      <translation>链接 {n} 张图像</translation>
    </message>
    <message>
      <source>Linking</source>
      <translation>链接</translation>
    </message>
    <message>
      <source>List of labels (*.json)</source>
      <translation>标签列表 (*.json)</translation>
    </message>
    <message>
      <source>List of labels (*.yaml *.yml)</source>
      <translation>标签列表 (*.yaml *.yml)</translation>
    </message>
    <message>
      <source>Lists of labels ({patterns})</source>
      <translation>标签列表 ({patterns})</translation>
    </message>
    <message>
      <source>Loading the model</source>
      <translation>加载模型</translation>
    </message>
    <message>
      <source>Loading the model…</source>
      <translation>正在加载模型…</translation>
    </message>
    <message>
      <source>Lock: painting and refining leave it as it is</source>
      <translation>锁定：绘制和细化都不会改变它</translation>
    </message>
    <message>
      <source>Look and accept</source>
      <translation>查看并接受</translation>
    </message>
    <message>
      <source>Look for images that are missing or have changed, and say where they are now</source>
      <translation>查找缺失或已更改的图像，并指定它们现在的位置</translation>
    </message>
    <message>
      <source>Looking at the files of the images…</source>
      <translation>正在检查图像文件…</translation>
    </message>
    <message>
      <source>Looking at the images</source>
      <translation>检查图像</translation>
    </message>
    <message>
      <source>Loses: {what}</source>
      <translation>会丢失：{what}</translation>
    </message>
    <message>
      <source>Make each connected part of the chosen objects an object of its own</source>
      <translation>将所选对象的每个连通部分变为独立对象</translation>
    </message>
    <message>
      <source>Make the brush bigger, also with Shift and the wheel</source>
      <translation>放大画笔，也可用 Shift 加滚轮</translation>
    </message>
    <message>
      <source>Make the brush smaller, also with Shift and the wheel</source>
      <translation>缩小画笔，也可用 Shift 加滚轮</translation>
    </message>
    <message>
      <source>Make the chosen objects objects of the label that is painted with</source>
      <translation>将所选对象改为当前标签的对象</translation>
    </message>
    <message>
      <source>Make the chosen objects one: the first of them</source>
      <translation>将所选对象合并为第一个</translation>
    </message>
    <message>
      <source>Make the image on the screen brighter or clearer; the file stays as it is</source>
      <translation>让屏幕上的图像更亮或更清晰；文件不变</translation>
    </message>
    <message>
      <source>Mark surely nothing</source>
      <translation>标记为确定为空</translation>
    </message>
    <message>
      <source>Mark surely {what}</source>
      <translation>标记为确定 {what}</translation>
    </message>
    <message>
      <source>Mark the image as finished, or as in progress again</source>
      <translation>将图像标为完成，或重新标为进行中</translation>
    </message>
    <message>
      <source>Marked as accepted</source>
      <translation>已标为已接受</translation>
    </message>
    <message>
      <source>Marked as in progress</source>
      <translation>已标为进行中</translation>
    </message>
    <message>
      <source>Merge into {what}</source>
      <translation>合并到 {what}</translation>
    </message>
    <message>
      <source>Message</source>
      <translation>消息</translation>
    </message>
    <message>
      <source>Middle drag</source>
      <translation>中键拖动</translation>
    </message>
    <message>
      <source>Minimap</source>
      <translation>缩略导航图</translation>
    </message>
    <message>
      <source>Minimap: click or drag to move the view</source>
      <translation>缩略导航图：单击或拖动以移动视图</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>模型</translation>
    </message>
    <message>
      <source>Model file</source>
      <translation>模型文件</translation>
    </message>
    <message>
      <source>More about the list of labels</source>
      <translation>标签列表的更多操作</translation>
    </message>
    <message>
      <source>More tools</source>
      <translation>更多工具</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>名称</translation>
    </message>
    <message>
      <source>Name of the label</source>
      <translation>标签名称</translation>
    </message>
    <message>
      <source>Name of the object</source>
      <translation>对象名称</translation>
    </message>
    <message>
      <source>New &amp;object</source>
      <translation>新对象(&amp;O)</translation>
    </message>
    <message>
      <source>New key</source>
      <translation>新快捷键</translation>
    </message>
    <message>
      <source>Next image &amp;to do</source>
      <translation>下一张待办图像(&amp;T)</translation>
    </message>
    <message>
      <source>Next step</source>
      <translation>下一步</translation>
    </message>
    <message>
      <source>No command has these letters in this order.</source>
      <translation>没有命令按此顺序包含这些字母。</translation>
    </message>
    <message>
      <source>No comments on this image.</source>
      <translation>此图像没有评论。</translation>
    </message>
    <message>
      <source>No image is like that. Show all of them with ×.</source>
      <translation>没有符合的图像。用 × 显示全部。</translation>
    </message>
    <message>
      <source>No images in this folder</source>
      <translation>此文件夹中没有图像</translation>
    </message>
    <message>
      <source>No key</source>
      <translation>无快捷键</translation>
    </message>
    <message>
      <source>No label is called {names}</source>
      <translation>没有名为 {names} 的标签</translation>
    </message>
    <message>
      <source>No labels yet.
Add one to begin to paint, or drop a list of labels here.</source>
      <translation>还没有标签。
添加一个即可开始绘制，或将标签列表拖放到此处。</translation>
    </message>
    <message>
      <source>No objects yet.
Paint one, or pick another label.</source>
      <translation>还没有对象。
绘制一个，或选择其他标签。</translation>
    </message>
    <message>
      <source>No part is so small</source>
      <translation>没有这么小的部分</translation>
    </message>
    <message>
      <source>None: leave it as it is</source>
      <translation>无：保持不变</translation>
    </message>
    <message>
      <source>Not saved</source>
      <translation>未保存</translation>
    </message>
    <message>
      <source>Not saved yet</source>
      <translation>尚未保存</translation>
    </message>
    <message>
      <source>Nothing can be saved: {reason}</source>
      <translation>无法保存任何内容：{reason}</translation>
    </message>
    <message>
      <source>Nothing is painted there</source>
      <translation>此处没有绘制内容</translation>
    </message>
    <message>
      <source>Nothing is proposed there</source>
      <translation>此处没有提议</translation>
    </message>
    <message>
      <source>Nothing to count: open an image and add labels.</source>
      <translation>没有可统计的：请打开图像并添加标签。</translation>
    </message>
    <message>
      <source>Nothing was found there. Name another folder to search.</source>
      <translation>此处未找到任何文件。请指定其他要搜索的文件夹。</translation>
    </message>
    <message>
      <source>Nothing was to fill</source>
      <translation>没有可填充的</translation>
    </message>
    <message>
      <source>Nothing was to smooth</source>
      <translation>没有可平滑的</translation>
    </message>
    <message>
      <source>Nothing would change</source>
      <translation>不会有变化</translation>
    </message>
    <message>
      <source>NumPy NPZ</source>
      <translation>NumPy NPZ</translation>
    </message>
    <message>
      <source>Objects</source>
      <translation>对象</translation>
    </message>
    <message>
      <source>Objects overlapped: {pixels} in {images}</source>
      <translation>对象有重叠：{images}，共 {pixels}</translation>
    </message>
    <message>
      <source>On to the next image</source>
      <translation>转到下一张图像</translation>
    </message>
    <message>
      <source>One could not be saved ({when} UTC) and was kept aside. Since then the image was saved in the project. The one you do not use is gone afterwards.</source>
      <translation>其中一个版本未能保存（{when} UTC），已另行保留。此后该图像在项目中又保存过。未选用的版本之后将不复存在。</translation>
    </message>
    <message>
      <source>One image was painted on since the run began</source>
      <translation>自运行开始后有一张图像被绘制过</translation>
    </message>
    <message>
      <source>Only what hangs together with the pixel clicked</source>
      <translation>仅与所单击像素相连的部分</translation>
    </message>
    <message>
      <source>Opacity of the labels</source>
      <translation>标签不透明度</translation>
    </message>
    <message>
      <source>Open &amp;folder…</source>
      <translation>打开文件夹(&amp;F)…</translation>
    </message>
    <message>
      <source>Open &amp;image…</source>
      <translation>打开图像(&amp;I)…</translation>
    </message>
    <message>
      <source>Open &amp;recent</source>
      <translation>最近打开(&amp;R)</translation>
    </message>
    <message>
      <source>Open a folder of images as a project</source>
      <translation>将图像文件夹作为项目打开</translation>
    </message>
    <message>
      <source>Open a folder of images, or drop one here. Paint roughly, press R, and the model moves the borders to the edges in the image.</source>
      <translation>打开一个图像文件夹，或将其拖到这里。粗略绘制，按 R，模型会把边界移到图像边缘。</translation>
    </message>
    <message>
      <source>Open a small project of photographs with strokes to try things on</source>
      <translation>打开一个带笔画的小型照片项目来试用</translation>
    </message>
    <message>
      <source>Open folder</source>
      <translation>打开文件夹</translation>
    </message>
    <message>
      <source>Open image</source>
      <translation>打开图像</translation>
    </message>
    <message>
      <source>Open one image; its folder becomes the project</source>
      <translation>打开一张图像；其文件夹成为项目</translation>
    </message>
    <message>
      <source>Open sam&amp;ple project</source>
      <translation>打开示例项目(&amp;P)</translation>
    </message>
    <message>
      <source>Opened before</source>
      <translation>以前打开的</translation>
    </message>
    <message>
      <source>Opening</source>
      <translation>打开</translation>
    </message>
    <message>
      <source>Opening of {name}</source>
      <translation>打开 {name}</translation>
    </message>
    <message>
      <source>Opening {name}</source>
      <translation>正在打开 {name}</translation>
    </message>
    <message>
      <source>Order of the images</source>
      <translation>图像顺序</translation>
    </message>
    <message>
      <source>Other file</source>
      <translation>其他文件</translation>
    </message>
    <message>
      <source>Other file…</source>
      <translation>其他文件…</translation>
    </message>
    <message>
      <source>Outlines</source>
      <translation>轮廓</translation>
    </message>
    <message>
      <source>Overview</source>
      <translation>概览</translation>
    </message>
    <message>
      <source>Paint roughly</source>
      <translation>粗略绘制</translation>
    </message>
    <message>
      <source>Paint small areas that follow the edges of the image</source>
      <translation>绘制贴合图像边缘的小区域</translation>
    </message>
    <message>
      <source>Paint the selected label; hold Alt to erase</source>
      <translation>绘制所选标签；按住 Alt 擦除</translation>
    </message>
    <message>
      <source>Paint with {label}</source>
      <translation>用 {label} 绘制</translation>
    </message>
    <message>
      <source>Paint {what}</source>
      <translation>绘制 {what}</translation>
    </message>
    <message>
      <source>Pan</source>
      <translation>平移</translation>
    </message>
    <message>
      <source>Pascal VOC</source>
      <translation>Pascal VOC</translation>
    </message>
    <message>
      <source>Pic&amp;k</source>
      <translation>拾取(&amp;K)</translation>
    </message>
    <message>
      <source>Pick a label at the right and drag over something in the picture. The brush is {tool_brush}, its size {brush_smaller} and {brush_bigger}; nothing has to be exact.</source>
      <translation>在右侧选择一个标签，然后在图像中的物体上拖动。画笔按 {tool_brush}，大小按 {brush_smaller} 和 {brush_bigger}；不必精确。</translation>
    </message>
    <message>
      <source>Pictures alone</source>
      <translation>仅图片</translation>
    </message>
    <message>
      <source>Pictures that the project does not have yet are copied into its folder. Labels are matched by name.</source>
      <translation>项目中还没有的图片会复制到其文件夹。标签按名称匹配。</translation>
    </message>
    <message>
      <source>Pixel &amp;grid</source>
      <translation>像素网格(&amp;G)</translation>
    </message>
    <message>
      <source>PixelAnnotationTool</source>
      <translation>PixelAnnotationTool</translation>
    </message>
    <message>
      <source>Pixels</source>
      <translation>像素</translation>
    </message>
    <message>
      <source>Pixels or objects of each label</source>
      <translation>每个标签的像素或对象</translation>
    </message>
    <message>
      <source>Place among the images</source>
      <translation>在图像中的位置</translation>
    </message>
    <message>
      <source>Po&amp;lygon</source>
      <translation>多边形(&amp;L)</translation>
    </message>
    <message>
      <source>Position</source>
      <translation>位置</translation>
    </message>
    <message>
      <source>Press {export} and choose what other programs shall read, and where it goes.</source>
      <translation>按 {export}，选择供其他程序读取的格式以及保存位置。</translation>
    </message>
    <message>
      <source>Press {next_image}. Everything is saved by itself.</source>
      <translation>按 {next_image}。一切都会自动保存。</translation>
    </message>
    <message>
      <source>Press {refine}. The model moves the borders to the edges in the picture.</source>
      <translation>按 {refine}。模型会把边界移到图像的边缘上。</translation>
    </message>
    <message>
      <source>Pressure</source>
      <translation>笔压</translation>
    </message>
    <message>
      <source>Problem</source>
      <translation>问题</translation>
    </message>
    <message>
      <source>Processes</source>
      <translation>进程</translation>
    </message>
    <message>
      <source>Project</source>
      <translation>项目</translation>
    </message>
    <message>
      <source>Proposal</source>
      <translation>提议</translation>
    </message>
    <message>
      <source>Proposal, {percent} % sure</source>
      <translation>提议，{percent} % 确定</translation>
    </message>
    <message>
      <source>R&amp;ulers</source>
      <translation>标尺(&amp;U)</translation>
    </message>
    <message>
      <source>Radius in pixels:</source>
      <translation>半径（像素）：</translation>
    </message>
    <message>
      <source>Re&amp;fine inside a line</source>
      <translation>在线内细化(&amp;F)</translation>
    </message>
    <message>
      <source>Re&amp;ject</source>
      <translation>拒绝(&amp;J)</translation>
    </message>
    <message>
      <source>Re&amp;move label</source>
      <translation>移除标签(&amp;M)</translation>
    </message>
    <message>
      <source>Re&amp;view</source>
      <translation>审阅(&amp;W)</translation>
    </message>
    <message>
      <source>Read how everything is done</source>
      <translation>阅读各项操作的说明</translation>
    </message>
    <message>
      <source>Reading comments</source>
      <translation>读取评论</translation>
    </message>
    <message>
      <source>Reading of {name}</source>
      <translation>读取 {name}</translation>
    </message>
    <message>
      <source>Reading {name}</source>
      <translation>正在读取 {name}</translation>
    </message>
    <message>
      <source>Recognise the format</source>
      <translation>自动识别格式</translation>
    </message>
    <message>
      <source>Rectan&amp;gle</source>
      <translation>矩形(&amp;G)</translation>
    </message>
    <message>
      <source>Redone: {step}</source>
      <translation>已重做：{step}</translation>
    </message>
    <message>
      <source>Refine</source>
      <translation>细化</translation>
    </message>
    <message>
      <source>Refine &amp;many images…</source>
      <translation>批量细化(&amp;M)…</translation>
    </message>
    <message>
      <source>Refine a &amp;region</source>
      <translation>细化区域(&amp;R)</translation>
    </message>
    <message>
      <source>Refine all that is painted</source>
      <translation>细化所有绘制内容</translation>
    </message>
    <message>
      <source>Refine by itself after each stroke</source>
      <translation>每笔之后自动细化</translation>
    </message>
    <message>
      <source>Refine many images</source>
      <translation>批量细化</translation>
    </message>
    <message>
      <source>Refine the annotated images of the project while you go on; results are proposals</source>
      <translation>在您继续工作时细化项目中已标注的图像；结果为提议</translation>
    </message>
    <message>
      <source>Refine the object that the next stroke goes on with</source>
      <translation>细化下一笔所续的对象</translation>
    </message>
    <message>
      <source>Refine the objects of the selected label alone</source>
      <translation>仅细化所选标签的对象</translation>
    </message>
    <message>
      <source>Refine what is in view; nothing else changes</source>
      <translation>细化视图内的内容；其余不变</translation>
    </message>
    <message>
      <source>Refinement</source>
      <translation>细化</translation>
    </message>
    <message>
      <source>Refinement cancelled</source>
      <translation>细化已取消</translation>
    </message>
    <message>
      <source>Refining</source>
      <translation>细化</translation>
    </message>
    <message>
      <source>Refining…</source>
      <translation>正在细化…</translation>
    </message>
    <message>
      <source>Reject proposal</source>
      <translation>拒绝提议</translation>
    </message>
    <message>
      <source>Rejected</source>
      <translation>已拒绝</translation>
    </message>
    <message>
      <source>Remo&amp;ve</source>
      <translation>移除(&amp;V)</translation>
    </message>
    <message>
      <source>Remove &amp;islands…</source>
      <translation>移除孤岛(&amp;I)…</translation>
    </message>
    <message>
      <source>Remove connected parts of fewer pixels than:</source>
      <translation>移除像素少于此数的连通部分：</translation>
    </message>
    <message>
      <source>Remove islands</source>
      <translation>移除孤岛</translation>
    </message>
    <message>
      <source>Remove islands of {what}</source>
      <translation>移除 {what} 的孤岛</translation>
    </message>
    <message>
      <source>Remove label {what}</source>
      <translation>移除标签 {what}</translation>
    </message>
    <message>
      <source>Remove the chosen objects from the image</source>
      <translation>从图像中移除所选对象</translation>
    </message>
    <message>
      <source>Remove the selected label and what is painted with it in this image</source>
      <translation>移除所选标签及其在此图像中的绘制</translation>
    </message>
    <message>
      <source>Remove {what}</source>
      <translation>移除 {what}</translation>
    </message>
    <message>
      <source>Removed {name}; {key} brings it back</source>
      <translation>已移除 {name}；按 {key} 恢复</translation>
    </message>
    <message>
      <source>Rename &amp;object</source>
      <translation>重命名对象(&amp;O)</translation>
    </message>
    <message>
      <source>Rename the selected label</source>
      <translation>重命名所选标签</translation>
    </message>
    <message>
      <source>Replace annotations that images have already</source>
      <translation>替换图像已有的标注</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>重置</translation>
    </message>
    <message>
      <source>Results come as proposals: look through them, the least certain ones first.</source>
      <translation>结果以提议形式给出：请从最不确定的开始查看。</translation>
    </message>
    <message>
      <source>Return</source>
      <translation>回车</translation>
    </message>
    <message>
      <source>Review</source>
      <translation>审阅</translation>
    </message>
    <message>
      <source>Rough</source>
      <translation>粗略</translation>
    </message>
    <message>
      <source>Rough strokes in, exact masks out</source>
      <translation>粗略笔画进，精确掩码出</translation>
    </message>
    <message>
      <source>Rough strokes in, exact masks out: image annotation with a learned spatial propagation network.</source>
      <translation>粗略涂抹，精确掩码：基于学习的空间传播网络的图像标注。</translation>
    </message>
    <message>
      <source>Rough strokes: refinement may move their borders (S)</source>
      <translation>粗略笔画：细化可移动其边界 (S)</translation>
    </message>
    <message>
      <source>S&amp;maller brush</source>
      <translation>缩小画笔(&amp;M)</translation>
    </message>
    <message>
      <source>S&amp;tatistics</source>
      <translation>统计(&amp;T)</translation>
    </message>
    <message>
      <source>S&amp;wap with the last label</source>
      <translation>与上一个标签互换(&amp;W)</translation>
    </message>
    <message>
      <source>Save and close the window</source>
      <translation>保存并关闭窗口</translation>
    </message>
    <message>
      <source>Save at once; changes are saved by themselves shortly after you make them</source>
      <translation>立即保存；更改会在片刻后自动保存</translation>
    </message>
    <message>
      <source>Saved</source>
      <translation>已保存</translation>
    </message>
    <message>
      <source>Saved or not</source>
      <translation>是否已保存</translation>
    </message>
    <message>
      <source>Saving</source>
      <translation>保存</translation>
    </message>
    <message>
      <source>Scroll</source>
      <translation>滚动</translation>
    </message>
    <message>
      <source>Search</source>
      <translation>搜索</translation>
    </message>
    <message>
      <source>Search in</source>
      <translation>搜索位置</translation>
    </message>
    <message>
      <source>Searching</source>
      <translation>搜索</translation>
    </message>
    <message>
      <source>See what was before</source>
      <translation>查看之前的状态</translation>
    </message>
    <message>
      <source>Select the label</source>
      <translation>选择标签</translation>
    </message>
    <message>
      <source>Select the label with the key 0</source>
      <translation>选择按键为 0 的标签</translation>
    </message>
    <message>
      <source>Select the label with the key 1</source>
      <translation>选择按键为 1 的标签</translation>
    </message>
    <message>
      <source>Select the label with the key 2</source>
      <translation>选择按键为 2 的标签</translation>
    </message>
    <message>
      <source>Select the label with the key 3</source>
      <translation>选择按键为 3 的标签</translation>
    </message>
    <message>
      <source>Select the label with the key 4</source>
      <translation>选择按键为 4 的标签</translation>
    </message>
    <message>
      <source>Select the label with the key 5</source>
      <translation>选择按键为 5 的标签</translation>
    </message>
    <message>
      <source>Select the label with the key 6</source>
      <translation>选择按键为 6 的标签</translation>
    </message>
    <message>
      <source>Select the label with the key 7</source>
      <translation>选择按键为 7 的标签</translation>
    </message>
    <message>
      <source>Select the label with the key 8</source>
      <translation>选择按键为 8 的标签</translation>
    </message>
    <message>
      <source>Select the label with the key 9</source>
      <translation>选择按键为 9 的标签</translation>
    </message>
    <message>
      <source>Set how strongly and what is refined</source>
      <translation>设置细化强度和范围</translation>
    </message>
    <message>
      <source>Shift + wheel</source>
      <translation>Shift + 滚轮</translation>
    </message>
    <message>
      <source>Sho&amp;w strokes</source>
      <translation>显示笔画(&amp;W)</translation>
    </message>
    <message>
      <source>Show</source>
      <translation>显示</translation>
    </message>
    <message>
      <source>Show &amp;all images</source>
      <translation>显示所有图像(&amp;A)</translation>
    </message>
    <message>
      <source>Show all images</source>
      <translation>显示所有图像</translation>
    </message>
    <message>
      <source>Show all images by name again</source>
      <translation>重新按名称显示所有图像</translation>
    </message>
    <message>
      <source>Show all keys</source>
      <translation>显示所有快捷键</translation>
    </message>
    <message>
      <source>Show everything that is known about the error</source>
      <translation>显示关于错误的全部信息</translation>
    </message>
    <message>
      <source>Show folder</source>
      <translation>显示文件夹</translation>
    </message>
    <message>
      <source>Show how many objects each label has</source>
      <translation>显示每个标签的对象数</translation>
    </message>
    <message>
      <source>Show how many pixels each label has</source>
      <translation>显示每个标签的像素数</translation>
    </message>
    <message>
      <source>Show labels filled, as outlines, or not at all</source>
      <translation>以填充、轮廓方式显示标签或不显示</translation>
    </message>
    <message>
      <source>Show one pixel of the image on one pixel of the screen</source>
      <translation>图像一像素对应屏幕一像素</translation>
    </message>
    <message>
      <source>Show only images of a status, or with a proposal or comment</source>
      <translation>仅显示某状态、有提议或有评论的图像</translation>
    </message>
    <message>
      <source>Show only images with an object of a label</source>
      <translation>仅显示含某标签对象的图像</translation>
    </message>
    <message>
      <source>Show or hide what is painted with the selected label</source>
      <translation>显示或隐藏所选标签的绘制</translation>
    </message>
    <message>
      <source>Show pixels and objects of each label</source>
      <translation>显示每个标签的像素和对象</translation>
    </message>
    <message>
      <source>Show report</source>
      <translation>显示报告</translation>
    </message>
    <message>
      <source>Show rulers in pixels at the edges</source>
      <translation>在边缘显示像素标尺</translation>
    </message>
    <message>
      <source>Show the borders of pixels when they are large enough</source>
      <translation>像素足够大时显示其边界</translation>
    </message>
    <message>
      <source>Show the chosen objects from near</source>
      <translation>放大显示所选对象</translation>
    </message>
    <message>
      <source>Show the objects of the image</source>
      <translation>显示图像的对象</translation>
    </message>
    <message>
      <source>Show the steps made on the image, to go back to any of them</source>
      <translation>显示图像上的步骤，可回到任一步</translation>
    </message>
    <message>
      <source>Show the whole image</source>
      <translation>显示整个图像</translation>
    </message>
    <message>
      <source>Show the whole image in a corner while only a part is in view</source>
      <translation>仅显示局部时在角落显示整个图像</translation>
    </message>
    <message>
      <source>Show what was written about the image, and how sure its proposal is</source>
      <translation>显示关于图像的评论及其提议的确定程度</translation>
    </message>
    <message>
      <source>Show where strokes were painted</source>
      <translation>显示笔画位置</translation>
    </message>
    <message>
      <source>Show where the label of the pixel under the mouse reaches, as the model learned</source>
      <translation>显示鼠标下像素的标签按模型所学能到达何处</translation>
    </message>
    <message>
      <source>Showing the guide</source>
      <translation>显示指南</translation>
    </message>
    <message>
      <source>Size of a superpixel on the screen</source>
      <translation>屏幕上超像素的大小</translation>
    </message>
    <message>
      <source>Smoo&amp;th borders…</source>
      <translation>平滑边界(&amp;T)…</translation>
    </message>
    <message>
      <source>Smooth borders</source>
      <translation>平滑边界</translation>
    </message>
    <message>
      <source>Smooth {what}</source>
      <translation>平滑 {what}</translation>
    </message>
    <message>
      <source>Something in the program</source>
      <translation>程序中的某项操作</translation>
    </message>
    <message>
      <source>Space + drag</source>
      <translation>空格 + 拖动</translation>
    </message>
    <message>
      <source>Split {what}</source>
      <translation>拆分 {what}</translation>
    </message>
    <message>
      <source>Statistics</source>
      <translation>统计</translation>
    </message>
    <message>
      <source>Steps</source>
      <translation>步骤</translation>
    </message>
    <message>
      <source>Steps on the open image are listed here; choose one to go back.</source>
      <translation>此处列出当前图像的步骤；选择一个以返回。</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>停止</translation>
    </message>
    <message>
      <source>Storing</source>
      <translation>存储</translation>
    </message>
    <message>
      <source>Strength</source>
      <translation>强度</translation>
    </message>
    <message>
      <source>Superpi&amp;xels</source>
      <translation>超像素(&amp;X)</translation>
    </message>
    <message>
      <source>Superpixel size</source>
      <translation>超像素大小</translation>
    </message>
    <message>
      <source>Superpixels</source>
      <translation>超像素</translation>
    </message>
    <message>
      <source>Sure</source>
      <translation>确定</translation>
    </message>
    <message>
      <source>Sure strokes stay as they are painted; rough ones may be moved by refinement</source>
      <translation>确定笔画保持不变；粗略笔画可被细化移动</translation>
    </message>
    <message>
      <source>Sure strokes: refinement keeps them as they are (S)</source>
      <translation>确定笔画：细化保持不变 (S)</translation>
    </message>
    <message>
      <source>Sure: &amp;outside</source>
      <translation>确定：外部(&amp;O)</translation>
    </message>
    <message>
      <source>Sure: i&amp;nside</source>
      <translation>确定：内部(&amp;N)</translation>
    </message>
    <message>
      <source>Take all keys of the action away</source>
      <translation>移除该操作的所有快捷键</translation>
    </message>
    <message>
      <source>Take annotations over from another tool's files</source>
      <translation>从其他工具的文件中导入标注</translation>
    </message>
    <message>
      <source>Take back a corner of a polygon</source>
      <translation>撤回多边形的一个角</translation>
    </message>
    <message>
      <source>Take back the last step on this image</source>
      <translation>撤销此图像的上一步</translation>
    </message>
    <message>
      <source>Take it over</source>
      <translation>接管</translation>
    </message>
    <message>
      <source>Take small connected parts out of the chosen objects</source>
      <translation>从所选对象中移除小的连通部分</translation>
    </message>
    <message>
      <source>Take teeth and notches from the borders of the chosen objects</source>
      <translation>去除所选对象边界的锯齿和缺口</translation>
    </message>
    <message>
      <source>Take the filter away and sort the images by name</source>
      <translation>取消筛选并按名称排序</translation>
    </message>
    <message>
      <source>Take the proposal over</source>
      <translation>采用提议</translation>
    </message>
    <message>
      <source>That is the whole way</source>
      <translation>这就是全部流程</translation>
    </message>
    <message>
      <source>The annotations are kept and wait for the files.</source>
      <translation>标注会保留，等待文件被找到。</translation>
    </message>
    <message>
      <source>The dashed line is a proposal; hold the key left of &lt;b&gt;1&lt;/b&gt; to see what was before. {accept} accepts it, {drop} drops it. The strokes stay, and {undo} takes everything back.</source>
      <translation>虚线是建议；按住 &lt;b&gt;1&lt;/b&gt; 左边的键可查看之前的样子。{accept} 接受，{drop} 放弃。笔画会保留，{undo} 可撤销一切。</translation>
    </message>
    <message>
      <source>The export was stopped.</source>
      <translation>导出已停止。</translation>
    </message>
    <message>
      <source>The file is missing</source>
      <translation>文件缺失</translation>
    </message>
    <message>
      <source>The file of {n} image is missing or another one than was annotated.</source>
      <translation>有 {n} 张图像的文件缺失或与标注时不同。</translation>
    </message>
    <message>
      <source>The files of {n} images are missing or others than were annotated.</source>
      <translation>有 {n} 张图像的文件缺失或与标注时不同。</translation>
    </message>
    <message>
      <source>The guide tells the rest ({guide}), every key is on one page ({key_sheet}), and {command_palette} finds any command by a few letters.</source>
      <translation>其余内容见手册（{guide}），所有按键都在一页上（{key_sheet}），{command_palette} 只需几个字母即可找到任何命令。</translation>
    </message>
    <message>
      <source>The image has changed meanwhile; the proposal was dropped</source>
      <translation>图像已变化；提议已放弃</translation>
    </message>
    <message>
      <source>The image is not as large as its file says; it was left alone</source>
      <translation>图像大小与文件所述不符；未作任何改动</translation>
    </message>
    <message>
      <source>The image is not the file that was annotated. Look closely before you go on</source>
      <translation>该图像不是当初标注的文件。继续之前请仔细核对</translation>
    </message>
    <message>
      <source>The image with its labels; paint here</source>
      <translation>图像及其标签；在此绘制</translation>
    </message>
    <message>
      <source>The import was stopped; what was imported until then stays.</source>
      <translation>导入已停止；此前导入的内容保留。</translation>
    </message>
    <message>
      <source>The language changes when the program is started again</source>
      <translation>语言将在下次启动时更改</translation>
    </message>
    <message>
      <source>The last changes could not be saved.</source>
      <translation>最近的更改无法保存。</translation>
    </message>
    <message>
      <source>The message above says why. The file stays as it is.</source>
      <translation>上方消息说明了原因。文件保持不变。</translation>
    </message>
    <message>
      <source>The next stroke begins another {name}</source>
      <translation>下一笔将开始另一个 {name}</translation>
    </message>
    <message>
      <source>The object has no pixels</source>
      <translation>该对象没有像素</translation>
    </message>
    <message>
      <source>The object has one part only</source>
      <translation>该对象只有一个部分</translation>
    </message>
    <message>
      <source>The one that ships with the program</source>
      <translation>程序自带的模型</translation>
    </message>
    <message>
      <source>The project is of this version now; as it was: {name}</source>
      <translation>项目已升级到当前版本；原有文件：{name}</translation>
    </message>
    <message>
      <source>The run could not be started</source>
      <translation>无法启动运行</translation>
    </message>
    <message>
      <source>The run ended before its time. Start it again to go on</source>
      <translation>运行提前结束。请重新启动以继续</translation>
    </message>
    <message>
      <source>The selected &amp;object</source>
      <translation>所选对象(&amp;O)</translation>
    </message>
    <message>
      <source>The selected la&amp;bel</source>
      <translation>所选标签(&amp;B)</translation>
    </message>
    <message>
      <source>The superpixels in view are being computed; try again in a moment</source>
      <translation>正在计算视图内的超像素；请稍后再试</translation>
    </message>
    <message>
      <source>There are two versions of the annotations of {name}.</source>
      <translation>{name} 的标注有两个版本。</translation>
    </message>
    <message>
      <source>There is no pixel inside; draw it larger</source>
      <translation>内部没有像素；请画大一些</translation>
    </message>
    <message>
      <source>There is no proposal to review</source>
      <translation>没有可审阅的提议</translation>
    </message>
    <message>
      <source>There is no proposal; refine first</source>
      <translation>没有提议；请先细化</translation>
    </message>
    <message>
      <source>This</source>
      <translation>此操作</translation>
    </message>
    <message>
      <source>Tint the pixels of a proposal that the model is not sure of</source>
      <translation>为提议中模型不确定的像素着色</translation>
    </message>
    <message>
      <source>Tint what is &amp;unsure</source>
      <translation>标示不确定处(&amp;U)</translation>
    </message>
    <message>
      <source>Tolerance</source>
      <translation>容差</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>工具</translation>
    </message>
    <message>
      <source>Try again</source>
      <translation>重试</translation>
    </message>
    <message>
      <source>Two versions</source>
      <translation>两个版本</translation>
    </message>
    <message>
      <source>Type a few letters of what you want to do</source>
      <translation>键入想执行操作的几个字母</translation>
    </message>
    <message>
      <source>Undone: {step}</source>
      <translation>已撤销：{step}</translation>
    </message>
    <message>
      <source>Unlock</source>
      <translation>解锁</translation>
    </message>
    <message>
      <source>Unpainted is un&amp;known</source>
      <translation>未绘制处为未知(&amp;K)</translation>
    </message>
    <message>
      <source>Use Chinese from the next start on</source>
      <translation>下次启动起使用中文</translation>
    </message>
    <message>
      <source>Use English from the next start on</source>
      <translation>下次启动起使用英语</translation>
    </message>
    <message>
      <source>Use German from the next start on</source>
      <translation>下次启动起使用德语</translation>
    </message>
    <message>
      <source>Use the system's language from the next start on</source>
      <translation>下次启动起使用系统语言</translation>
    </message>
    <message>
      <source>Use what is in the project</source>
      <translation>使用项目中的版本</translation>
    </message>
    <message>
      <source>Use what was kept aside</source>
      <translation>使用另存的版本</translation>
    </message>
    <message>
      <source>Version and licence</source>
      <translation>版本和许可证</translation>
    </message>
    <message>
      <source>Version {version}</source>
      <translation>版本 {version}</translation>
    </message>
    <message>
      <source>View</source>
      <translation>视图</translation>
    </message>
    <message>
      <source>What R refines</source>
      <translation>R 细化的内容</translation>
    </message>
    <message>
      <source>What do you want to do?</source>
      <translation>您想做什么？</translation>
    </message>
    <message>
      <source>What is in &amp;view</source>
      <translation>视图内的内容(&amp;V)</translation>
    </message>
    <message>
      <source>What surely belongs to the label; refinement keeps it</source>
      <translation>确定属于该标签；细化时保留</translation>
    </message>
    <message>
      <source>Wheel</source>
      <translation>滚轮</translation>
    </message>
    <message>
      <source>Where surely nothing is; refinement keeps it empty</source>
      <translation>确定为空；细化时保持为空</translation>
    </message>
    <message>
      <source>Which images are shown</source>
      <translation>显示哪些图像</translation>
    </message>
    <message>
      <source>Why this one</source>
      <translation>原因</translation>
    </message>
    <message>
      <source>Work that could not be saved is there again: {n} image</source>
      <translation>未能保存的工作已恢复：{n} 张图像</translation>
    </message>
    <message>
      <source>Work that could not be saved is there again: {n} images</source>
      <translation>未能保存的工作已恢复：{n} 张图像</translation>
    </message>
    <message>
      <source>Working</source>
      <translation>正在处理</translation>
    </message>
    <message>
      <source>Write a &amp;comment</source>
      <translation>写评论(&amp;C)</translation>
    </message>
    <message>
      <source>Write something about the image for whoever opens it next</source>
      <translation>为下一位打开者写下关于图像的说明</translation>
    </message>
    <message>
      <source>Write the annotations as masks or in the format of another tool</source>
      <translation>将标注写为掩码或其他工具的格式</translation>
    </message>
    <message>
      <source>Write the labels as a list, as COCO categories or for CVAT</source>
      <translation>将标签写为列表、COCO 类别或供 CVAT 使用</translation>
    </message>
    <message>
      <source>Written to {folder}: {images}, {objects}</source>
      <translation>已写入 {folder}：{images}，{objects}</translation>
    </message>
    <message>
      <source>YOLO segmentation</source>
      <translation>YOLO 分割</translation>
    </message>
    <message>
      <source>Zoom</source>
      <translation>缩放</translation>
    </message>
    <message>
      <source>Zoom &amp;in</source>
      <translation>放大(&amp;I)</translation>
    </message>
    <message>
      <source>Zoom &amp;out</source>
      <translation>缩小(&amp;O)</translation>
    </message>
    <message>
      <source>Zoom at the cursor</source>
      <translation>在光标处缩放</translation>
    </message>
    <message>
      <source>Zoom in, also with Ctrl and the wheel</source>
      <translation>放大，也可用 Ctrl 加滚轮</translation>
    </message>
    <message>
      <source>Zoom out, also with Ctrl and the wheel</source>
      <translation>缩小，也可用 Ctrl 加滚轮</translation>
    </message>
    <message>
      <source>accepted</source>
      <translation>已接受</translation>
    </message>
    <message>
      <source>another size</source>
      <translation>尺寸不同</translation>
    </message>
    <message>
      <source>cannot be read</source>
      <translation>无法读取</translation>
    </message>
    <message>
      <source>changed</source>
      <translation>已更改</translation>
    </message>
    <message>
      <source>chosen by you</source>
      <translation>由您选择</translation>
    </message>
    <message>
      <source>colours of labels, names of objects; more than 254 objects in an image</source>
      <translation>标签颜色、对象名称；单张图像中超过 254 个的对象</translation>
    </message>
    <message>
      <source>colours of labels; labels without an object</source>
      <translation>标签颜色；没有对象的标签</translation>
    </message>
    <message>
      <source>colours, names and order of objects; parts of one object are joined by lines, holes become slits</source>
      <translation>颜色、名称和对象顺序；同一对象的各部分以线相连，孔洞变为细缝</translation>
    </message>
    <message>
      <source>file is missing</source>
      <translation>文件缺失</translation>
    </message>
    <message>
      <source>hidden</source>
      <translation>已隐藏</translation>
    </message>
    <message>
      <source>in progress</source>
      <translation>进行中</translation>
    </message>
    <message>
      <source>key {key}</source>
      <translation>按键 {key}</translation>
    </message>
    <message>
      <source>labelme</source>
      <translation>labelme</translation>
    </message>
    <message>
      <source>labels that are none of Cityscapes', colours of labels, names of objects; objects of the classes without instances become one</source>
      <translation>非 Cityscapes 的标签、标签颜色、对象名称；无实例类别的对象合并为一个</translation>
    </message>
    <message>
      <source>locked</source>
      <translation>已锁定</translation>
    </message>
    <message>
      <source>missing</source>
      <translation>缺失</translation>
    </message>
    <message>
      <source>names of objects</source>
      <translation>对象名称</translation>
    </message>
    <message>
      <source>names of objects; more than 254 objects in an image</source>
      <translation>对象名称；单张图像中超过 254 个的对象</translation>
    </message>
    <message>
      <source>no label</source>
      <translation>无标签</translation>
    </message>
    <message>
      <source>no limit</source>
      <translation>无限制</translation>
    </message>
    <message>
      <source>none yet</source>
      <translation>还没有</translation>
    </message>
    <message>
      <source>nothing</source>
      <translation>无</translation>
    </message>
    <message>
      <source>nothing found</source>
      <translation>未找到</translation>
    </message>
    <message>
      <source>nothing: there are no annotations</source>
      <translation>无：没有标注</translation>
    </message>
    <message>
      <source>nothing; holes become slits</source>
      <translation>无；孔洞变为细缝</translation>
    </message>
    <message>
      <source>outside of the folder</source>
      <translation>在文件夹之外</translation>
    </message>
    <message>
      <source>person, car (without any: the later object)</source>
      <translation>行人, 汽车（留空：以后出现的对象为准）</translation>
    </message>
    <message>
      <source>pictures</source>
      <translation>图片</translation>
    </message>
    <message>
      <source>proposed</source>
      <translation>已提议</translation>
    </message>
    <message>
      <source>rejected</source>
      <translation>已拒绝</translation>
    </message>
    <message>
      <source>safetensors (*.safetensors)</source>
      <translation>safetensors (*.safetensors)</translation>
    </message>
    <message>
      <source>same content</source>
      <translation>内容相同</translation>
    </message>
    <message>
      <source>same name</source>
      <translation>名称相同</translation>
    </message>
    <message>
      <source>same name and size</source>
      <translation>名称和尺寸相同</translation>
    </message>
    <message>
      <source>strongest</source>
      <translation>最强</translation>
    </message>
    <message>
      <source>taken as right</source>
      <translation>视为正确</translation>
    </message>
    <message>
      <source>the file that is there</source>
      <translation>现有文件</translation>
    </message>
    <message>
      <source>to do</source>
      <translation>待办</translation>
    </message>
    <message>
      <source>unreadable</source>
      <translation>无法读取</translation>
    </message>
    <message>
      <source>visible</source>
      <translation>可见</translation>
    </message>
    <message>
      <source>which object is which, names of objects; strokes that say nothing is here</source>
      <translation>对象的区分、对象名称；表示“此处无物”的笔触</translation>
    </message>
    <message>
      <source>which object is which; pictures</source>
      <translation>对象的区分；图片</translation>
    </message>
    <message>
      <source>with a comment</source>
      <translation>有评论</translation>
    </message>
    <message>
      <source>with a proposal</source>
      <translation>有提议</translation>
    </message>
    <message>
      <source>{accepted} of {total} accepted</source>
      <translation>已接受 {accepted} / {total}</translation>
    </message>
    <message>
      <source>{area} px</source>
      <translation>{area} 像素</translation>
    </message>
    <message>
      <source>{doing} failed: {what}</source>
      <translation>{doing}失败：{what}</translation>
    </message>
    <message>
      <source>{done} of {total} images, {minutes} min left</source>
      <translation>{done} / {total} 张图像，剩余 {minutes} 分钟</translation>
    </message>
    <message>
      <source>{folder} holds no JPEG, PNG, TIFF, WebP or BMP files. Copy images into it and open it again, or open another folder.</source>
      <translation>{folder} 中没有 JPEG、PNG、TIFF、WebP 或 BMP 文件。请复制图像进去后重新打开，或打开其他文件夹。</translation>
    </message>
    <message>
      <source>{key} belongs to several actions: {names}</source>
      <translation>{key} 属于多个操作：{names}</translation>
    </message>
    <message>
      <source>{key} belongs to: {names}</source>
      <translation>{key} 属于：{names}</translation>
    </message>
    <message>
      <source>{kind} strokes</source>
      <translation>{kind}笔画</translation>
    </message>
    <message>
      <source>{name} cannot be read</source>
      <translation>无法读取 {name}</translation>
    </message>
    <message>
      <source>{name} is not there</source>
      <translation>{name} 不存在</translation>
    </message>
    <message>
      <source>{number} of {total}</source>
      <translation>第 {number} 步，共 {total} 步</translation>
    </message>
    <message>
      <source>{n} M</source>
      <translation>{n} M</translation>
    </message>
    <message>
      <source>{n} file got another name, see export_report.json</source>
      <translation>{n} 个文件已改名，见 export_report.json</translation>
    </message>
    <message>
      <source>{n} files got other names, see export_report.json</source>
      <translation>{n} 个文件已改名，见 export_report.json</translation>
    </message>
    <message>
      <source>{n} image</source>
      <translation>{n} 张图像</translation>
    </message>
    <message>
      <source>{n} image is linked again.</source>
      <translation>{n} 张图像已重新链接。</translation>
    </message>
    <message>
      <source>{n} image was not begun</source>
      <translation>{n} 张图像未开始</translation>
    </message>
    <message>
      <source>{n} images</source>
      <translation>{n} 张图像</translation>
    </message>
    <message>
      <source>{n} images are linked again.</source>
      <translation>{n} 张图像已重新链接。</translation>
    </message>
    <message>
      <source>{n} images were not begun</source>
      <translation>{n} 张图像未开始</translation>
    </message>
    <message>
      <source>{n} label added</source>
      <translation>已添加 {n} 个标签</translation>
    </message>
    <message>
      <source>{n} labels added</source>
      <translation>已添加 {n} 个标签</translation>
    </message>
    <message>
      <source>{n} new object</source>
      <translation>{n} 个新对象</translation>
    </message>
    <message>
      <source>{n} new objects</source>
      <translation>{n} 个新对象</translation>
    </message>
    <message>
      <source>{n} object</source>
      <translation>{n} 个对象</translation>
    </message>
    <message>
      <source>{n} object is {label} now</source>
      <translation>{n} 个对象现为 {label}</translation>
    </message>
    <message>
      <source>{n} object removed</source>
      <translation>已移除 {n} 个对象</translation>
    </message>
    <message>
      <source>{n} objects</source>
      <translation>{n} 个对象</translation>
    </message>
    <message>
      <source>{n} objects are one now</source>
      <translation>{n} 个对象已合并</translation>
    </message>
    <message>
      <source>{n} objects are {label} now</source>
      <translation>{n} 个对象现为 {label}</translation>
    </message>
    <message>
      <source>{n} objects removed</source>
      <translation>已移除 {n} 个对象</translation>
    </message>
    <message>
      <source>{n} pixel</source>
      <translation>{n} 像素</translation>
    </message>
    <message>
      <source>{n} pixel would change</source>
      <translation>将有 {n} 个像素改变</translation>
    </message>
    <message>
      <source>{n} pixels</source>
      <translation>{n} 像素</translation>
    </message>
    <message>
      <source>{n} pixels would change</source>
      <translation>将有 {n} 个像素改变</translation>
    </message>
    <message>
      <source>{n} proposal is ready</source>
      <translation>{n} 个提议已就绪</translation>
    </message>
    <message>
      <source>{n} proposal to review</source>
      <translation>{n} 个提议待审阅</translation>
    </message>
    <message>
      <source>{n} proposals are ready</source>
      <translation>{n} 个提议已就绪</translation>
    </message>
    <message>
      <source>{n} proposals to review</source>
      <translation>{n} 个提议待审阅</translation>
    </message>
    <message>
      <source>{step}, taken back</source>
      <translation>{step}，已撤销</translation>
    </message>
    <message>
      <source>… and {n} more</source>
      <translation>… 还有 {n} 个</translation>
    </message>
    <message>
      <source>… and {n} more, see export_report.json</source>
      <translation>…以及另外 {n} 个，见 export_report.json</translation>
    </message>
    <message>
      <source>… and {n} more, see the report</source>
      <translation>… 还有 {n} 个，见报告</translation>
    </message>
    <message>
      <source>简体中文</source>
      <translation>简体中文</translation>
    </message>
  </context>
</TS>
