mod confluence;
mod dispute;
mod flow;
mod soup;
mod time;
