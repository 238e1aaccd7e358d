// fasthttp as a peer, at its leanest: no logging, no routing beyond the path.
//
//	go build -o fasthttp fasthttp.go     ./fasthttp PORT
package main

import (
	"encoding/json"
	"log"
	"os"
	"time"

	"github.com/valyala/fasthttp"
)

type item struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
	OK   bool   `json:"ok"`
}

func main() {
	var items []item
	for id := 10; id <= 40; id++ {
		items = append(items, item{id, "cup", true})
	}
	serve := func(context *fasthttp.RequestCtx) {
		switch string(context.Path()) {
		case "/items":
			body, err := json.Marshal(items)
			if err != nil {
				log.Fatal(err)
			}
			context.SetContentType("application/json")
			context.SetBody(body)
		case "/echo":
			context.SetContentType("application/octet-stream")
			context.SetBody(context.PostBody())
		default:
			context.SetContentType("text/plain")
			context.SetBodyString("Hello, World!")
		}
	}
	server := &fasthttp.Server{Handler: serve, Name: "fasthttp", IdleTimeout: time.Hour}
	log.Fatal(server.ListenAndServe("127.0.0.1:" + os.Args[1]))
}
