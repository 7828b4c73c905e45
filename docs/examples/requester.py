#!/usr/bin/env python3
"""同意核验的客户端示例：只用 Python 3 标准库。

    export DANGAN_URL=https://…            系统地址
    export DANGAN_REQUESTER_KEY=…          登记时发给的密钥，不要写进程序和日志

    requester.py kinds                     可以问的问题、可以填的值、目的
    requester.py ask --purpose recruit --matter 招聘会计岗位 --days 30 \\
        --question education_at_least=bachelor --question birth_year=1991
                                           公民身份号码从标准输入读，不出现在命令行里
    requester.py status 编号               本人是否同意
    requester.py answers 编号              取答复；再取还是同一答复
    requester.py proof 编号                存证凭证，可以交给任何人核验

退出状态：0 办成；2 输入有误；3 不予办理或者没有同意；4 连不上、密钥不对或者系统出错。
"""
import argparse
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid


class Refused(Exception):
    """系统说不：每条理由写明哪里不对、怎么办。"""

    def __init__(self, status, problem):
        reasons = problem.get("reasons") or []
        lines = [f"{r['message']}{r['next']}（{r.get('clause', r['rule'])}）" for r in reasons]
        super().__init__("\n".join(lines) or problem.get("detail") or problem.get("title") or str(status))
        self.status = status
        self.kind = problem.get("kind")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """密钥只发给登记的地址：对方要求转到别处的，不跟去。"""

    def redirect_request(self, *args):
        return None


class Requester:
    """一个核验单位的连接。"""

    def __init__(self, url, key, timeout=30):
        where = urllib.parse.urlsplit(url)
        if where.scheme != "https" and where.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("地址须以 https:// 开头：密钥不得明文传送")
        self.opener = urllib.request.build_opener(NoRedirect)
        self.base = url.rstrip("/") + "/api/v1/requester"
        self.key = key
        self.timeout = timeout

    def call(self, method, path, body=None, once=None):
        """once 是这次办理的标识：答复没有收到时用同一个再发，只办一次。"""
        headers = {"Requester-Key": self.key, "Accept": "application/json"}
        data = None
        if body is not None:
            data = json.dumps(body).encode("utf-8")
            headers["Content-Type"] = "application/json"
        if once:
            headers["Idempotency-Key"] = once
        request = urllib.request.Request(self.base + path, data=data, headers=headers, method=method)
        try:
            with self.opener.open(request, timeout=self.timeout) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as e:
            try:
                problem = json.load(e)
            except ValueError:
                problem = {}
            raise Refused(e.code, problem) from None

    def kinds(self):
        return self.call("GET", "")

    def ask(self, id_no, purpose, matter, days, questions, ref=""):
        body = {"idNo": id_no, "purpose": purpose, "matter": matter, "days": days,
                "questions": [{"kind": k, "value": v} for k, v in questions]}
        if ref:
            body["ref"] = ref
        return self.call("POST", "/consents", body, once=str(uuid.uuid4()))

    def status(self, consent):
        return self.call("GET", "/consents/" + urllib.parse.quote(consent, safe=""))

    def answers(self, consent):
        return self.call("POST", "/consents/" + urllib.parse.quote(consent, safe="") + "/answers", once=str(uuid.uuid4()))

    def proof(self, consent):
        return self.call("GET", "/consents/" + urllib.parse.quote(consent, safe="") + "/proof")


def pair(text):
    kind, found, value = text.partition("=")
    if not found:
        raise argparse.ArgumentTypeError("写作 种类=值，例如 birth_year=1991")
    return kind, value


def main():
    parser = argparse.ArgumentParser(description="同意核验客户端示例")
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("kinds", help="可以问什么")
    ask = acts.add_parser("ask", help="请本人同意；公民身份号码从标准输入读")
    ask.add_argument("--purpose", required=True)
    ask.add_argument("--matter", required=True)
    ask.add_argument("--days", type=int, default=30)
    ask.add_argument("--ref", default="", help="贵单位自己的编号，不要填个人信息")
    ask.add_argument("--question", type=pair, action="append", required=True, metavar="种类=值")
    for name, text in (("status", "本人是否同意"), ("answers", "取答复"), ("proof", "存证凭证")):
        acts.add_parser(name, help=text).add_argument("consent")
    args = parser.parse_args()

    url, key = os.environ.get("DANGAN_URL"), os.environ.get("DANGAN_REQUESTER_KEY")
    if not url or not key:
        print("请设置 DANGAN_URL 和 DANGAN_REQUESTER_KEY。", file=sys.stderr)
        return 2
    try:
        program = Requester(url, key)
    except ValueError as e:
        print(e, file=sys.stderr)
        return 2
    try:
        if args.act == "kinds":
            out = program.kinds()
        elif args.act == "ask":
            out = program.ask(sys.stdin.readline().strip(), args.purpose, args.matter, args.days, args.question, args.ref)
        else:
            out = getattr(program, args.act)(args.consent)
    except Refused as e:
        print(e, file=sys.stderr)
        return {"invalid": 2, "incomplete": 2, "refused": 3, "absent": 3}.get(e.kind, 4)
    except urllib.error.URLError as e:
        print(f"连不上：{e.reason}", file=sys.stderr)
        return 4
    json.dump(out, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
