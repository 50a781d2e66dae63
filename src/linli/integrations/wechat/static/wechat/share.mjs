// In WeChat's own browser: what a shared page shows. It takes what the head of the page says of itself, has the address
// signed by us, and hands both to the platform's script. Without any of it the page works all the same.
const own = document.querySelector("script[data-wechat-sign]");
const said = (name) => document.querySelector(`meta[property="og:${name}"]`)?.content ?? "";

async function share() {
  const { wx } = window;
  if (!wx) return;
  const url = location.href.split("#")[0];
  const answer = await fetch(`${own.dataset.wechatSign}?url=${encodeURIComponent(url)}`);
  if (!answer.ok) return;
  const signed = await answer.json();
  const link = said("url");
  const title = said("title");
  const imgUrl = document.querySelector('link[rel="image_src"]')?.href ?? said("image");
  wx.config({ ...signed, debug: false, jsApiList: ["updateAppMessageShareData", "updateTimelineShareData"] });
  wx.ready(() => {
    wx.updateAppMessageShareData({ title, desc: said("description"), link, imgUrl });
    wx.updateTimelineShareData({ title, link, imgUrl });
  });
}

share().catch(() => {}); // offline, or the platform does not answer: the page is shared as any other
