//! hyper as a peer, at its leanest: one thread, no routing beyond the path. Its argument is the
//! port.

use hyper::header::CONTENT_TYPE;
use hyper::service::{make_service_fn, service_fn};
use hyper::{body, Body, Request, Response, Server};

#[derive(serde::Serialize)]
struct Item {
    id: u32,
    name: &'static str,
    ok: bool,
}

fn answer(content_type: &'static str, body: Body) -> hyper::Result<Response<Body>> {
    Ok(Response::builder().header(CONTENT_TYPE, content_type).body(body).unwrap())
}

async fn serve(request: Request<Body>) -> hyper::Result<Response<Body>> {
    match request.uri().path() {
        "/items" => {
            let items: Vec<Item> = (10..=40).map(|id| Item { id, name: "cup", ok: true }).collect();
            answer("application/json", serde_json::to_vec(&items).unwrap().into())
        }
        "/echo" => {
            let content = body::to_bytes(request.into_body()).await?;
            answer("application/octet-stream", content.into())
        }
        _ => answer("text/plain", "Hello, World!".into()),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let port: u16 = std::env::args().nth(1).unwrap().parse().unwrap();
    Server::bind(&([127, 0, 0, 1], port).into())
        .tcp_nodelay(true)
        .http1_pipeline_flush(true)
        .serve(make_service_fn(|_| async { hyper::Result::Ok(service_fn(serve)) }))
        .await
        .unwrap();
}
