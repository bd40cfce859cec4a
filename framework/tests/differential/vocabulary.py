"""What streams are made of: the odd spellings that servers are known to differ in, and plain ones."""

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
CONTENTS = [b"", b"x", b"hello", b"a=b&c", b"y" * 300, b"0\r\n\r\n", SMUGGLED, b"0\r\n\r\n" + SMUGGLED]
METHODS = [b"GET"] * 6 + [b"POST"] * 6 + [b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"PROPFIND"]
ODD_METHODS = [b"TRACE", b"CONNECT", b"get", b"BREW", b"G,T", b"G\xc3T", b"", b"GET\t", b"PRI"]
TARGETS = [b"/", b"/a", b"/a/b?c=d&e", b"/%7Ea%2fb", b"/a?x=%20", b"/a//b", b"/a;b=c", b"/a:b@c"]
ODD_TARGETS = [
    b"*", b"http://a/x", b"http://b:81/x?y", b"HTTP://a", b"http://a?q", b"https://a/", b"ftp://a/", b"http://",
    b"http:///x", b"http://u@a/", b"a:80", b"//a/b", b"/../x", b"/a/./b", b"/a/%2e%2e/b", b"/%", b"/%zz", b"/%00",
    b"/a#b", b"/a b", b"/a\tb", b"/\xc3\xa4", b"/a\x7f", b"/a[0]|b", b"/?{^}`\\", b"/<>\"", b"", b"a/b", b"?",
    b"/" + b"x" * 9000,
]
ODD_VERSIONS = [
    b"HTTP/1.0", b"HTTP/1.0", b"HTTP/1.2", b"HTTP/2.0", b"HTTP/0.9", b"HTTP/1.", b"HTTP/11", b"http/1.1",
    b"HTTP/1.1 ", b"HTTP/01.1", b"HTTP/1.10", b"HTTP /1.1", b"XTTP/1.1", b"", b"HTTP/1.1\t",
]
ODD_HOSTS = [
    b"", b"Host: a\r\nHost: a\r\n", b"Host: a\r\nHost: b\r\n", b"Host:\r\n", b"Host: a b\r\n", b"Host: a:x\r\n",
    b"Host: [::1]:80\r\n", b"Host: a/b\r\n", b"Host: u@a\r\n", b"Host : a\r\n", b" Host: a\r\n", b"hOsT:a\r\n",
    b"Host: a,b\r\n", b"Host: a:99999\r\n", b"Host: %61\r\n", b"Host: \xc3\xa4\r\n",
]
ODD_LINES = [
    b"A\r\n", b": b\r\n", b"A B: c\r\n", b"A\x00: b\r\n", b"A: b\x00c\r\n", b"A: b\rc\r\n", b"A: b\nC: d\r\n",
    b"A: b\r\r\n", b"A: b\r\n c\r\n", b"A: b\r\n\tc\r\n", b"A: b\x01\r\n", b"A: b\x7f\r\n", b"A: b\x80\r\n",
    b"A:\x0bb\r\n", b"A: b\x0c\r\n", b"A : b\r\n", b"A\t: b\r\n", b"(A): b\r\n", b"A_b: c\r\n",
    b"A: " + b"x" * 17000 + b"\r\n", b"A: b\r\n" * 101, b"\r\n", b"\n", b"\xc3\xa4: b\r\n", b"A: \"b\r\n",
    b"A\r: b\r\n", b"A:\r\nb\r\n", b"A: b\x85c\r\n",
]
MANNERS = [
    b"Connection: close\r\n", b"Connection: keep-alive\r\n", b"Connection: x, close\r\n",
    b"Connection: Upgrade\r\nUpgrade: h2c\r\n", b"Upgrade: websocket\r\nConnection: Upgrade\r\n",
    b"Expect: 100-continue\r\n", b"Expect: x\r\n", b"Expect: 100-continue, x\r\n", b"Connection: Content-Length\r\n",
    b"Connection: Transfer-Encoding, close\r\n", b"TE: trailers\r\n", b"Trailer: A\r\n",
    b"Content-Encoding: gzip\r\n", b"Content-Type: multipart/form-data\r\n", b"Keep-Alive: timeout=1\r\n",
    b"Proxy-Connection: close\r\n", b"X-HTTP-Method-Override: PUT\r\n", b"Range: bytes=0-0\r\n", b"If-Match: *\r\n",
    b"Cookie: a=b\r\n", b"Connection: close, keep-alive\r\n",
]
LENGTHS = [
    b"+%d", b"-%d", b"%d ", b"0%d", b"0x%x", b"%d, %d", b"%d;", b"%d\t", b"%d.0", b"%de0", b"", b"\"%d\"", b"%d\x0b",
    b"%d_0", b"99999999999999999999", b"18446744073709551617", b"9223372036854775808", b"4294967297", b"%d\x00",
    b"\xef\xbc\x95",
]
CODINGS = [
    b"Chunked", b"chunked, chunked", b"gzip, chunked", b"chunked, gzip", b"identity", b"gzip", b"chunked, identity",
    b"identity, chunked", b"xchunked", b"chunked;q=1", b"\"chunked\"", b", chunked", b"chunked,", b"\x0bchunked",
    b"chunked\x0b", b"chunked\x00", b"chu\tnked", b"", b"chunk", b"\r\n chunked", b"chunked\r\n ", b"trailers",
    b"chunked\r\nTransfer-Encoding: chunked", b"chunked\r\nTransfer-Encoding: x", b"x\r\nTransfer-Encoding: chunked",
    b"\tchunked\t",
]
CODING_NAMES = [
    b"Transfer-Encoding", b"transfer-encoding", b"Transfer-Encoding ", b" Transfer-Encoding", b"Transfer_Encoding",
    b"Transfer-Encoding\x00", b"X: y\r\n Transfer-Encoding", b"X: y\nTransfer-Encoding", b"X: y\rTransfer-Encoding",
    b"Transfer-Encoding\t", b"Transfer\xadEncoding",
]
LENGTH_NAMES = [
    b"Content-Length", b"content-length", b"Content-Length ", b" Content-Length", b"Content_Length",
    b"X: y\nContent-Length", b"Content-Length\x00",
]
SIZES = [
    b"%x ", b" %x", b"0x%x", b"+%x", b"-%x", b"%x;a", b"%x;a=b", b"%x;a=\"b;\\\"c\"", b"%x;", b"%x ;a", b"%x; a",
    b"%x;a=\"b", b"%x;a\nb", b"%x;a\rb", b"0%x", b"00000000000000000%x", b"1000000000000000%x", b"%x\t", b"%x_", b"",
    b"g", b"%x,", b"%x\x00", b"%x;a=b\x00", b"%X",
]
LINE_ENDS = [b"\n", b"\r", b"", b"\r\r\n", b"\n\n", b"\r\n\r\n", b" \r\n", b"\x00\r\n"]
TRAILERS = [
    b"A: b\r\n", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Host: b\r\n",
    b"Connection: close\r\n", b"A\r\n", b" A: b\r\n", b"A : b\r\n", b"A: b\n", b"A: b\r\n c\r\n", b"\x00: b\r\n",
    b"GET / HTTP/1.1\r\n",
]
BETWEEN = [b"\r\n", b"\r\n\r\n", b"\n", b" ", b"\r", b"\x00", b"x", b"\r\n\r\n\r\n"]
PIECES = [
    b"\r", b"\n", b"\r\n", b"\r\n\r\n", b" ", b"\t", b":", b"\x00", b"0", b"f", b";", b",", b"chunked", b"%", b"\x7f",
    b"\x80", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Host: a\r\n", b"Connection: close\r\n",
    b"HTTP/1.0", b"HTTP/1.1", b"0\r\n\r\n", b"GET / ", SMUGGLED,
]
BLANK_LINES = [b"\r\n", b"\r\n", b"\n", b" \r\n", b"\r", b""]
SEPARATORS = [b" ", b" ", b" ", b"  ", b"\t", b"\x0b", b""]
